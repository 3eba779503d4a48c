package io.thirdsession.jdbc;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.net.Socket;

/** Makes the sockets of the pools' connections; the driver finds it by its name in the URL. */
public final class ImpatientSocketFactory extends StandardSocketFactory {
  @Override
  protected Socket createSocket(PropertySet options) {
    return new ImpatientSocket();
  }
}
