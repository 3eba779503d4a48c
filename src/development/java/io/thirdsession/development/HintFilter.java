package io.thirdsession.development;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.http.Responder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Adds {@code hint} to errors: the diagnosis that the server tells nobody but its log. It lives
 * here and not behind a switch in the WAR, where one day somebody would turn it on.
 */
final class HintFilter extends HttpFilter {
  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(request, new Hinting(request, response));
  }

  /** The server writes an error in one piece, after it has left the diagnosis in the request. */
  private static final class Hinting extends HttpServletResponseWrapper {
    private final HttpServletRequest request;

    Hinting(HttpServletRequest request, HttpServletResponse response) {
      super(response);
      this.request = request;
    }

    @Override
    public void setContentLength(int length) {
      if (request.getAttribute(Responder.DIAGNOSIS) == null) {
        super.setContentLength(length);
      }
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      ServletOutputStream out = super.getOutputStream();
      Object diagnosis = request.getAttribute(Responder.DIAGNOSIS);
      return diagnosis == null ? out : new HintingStream(out, diagnosis.toString());
    }
  }

  private static final class HintingStream extends ServletOutputStream {
    private final ServletOutputStream out;
    private final String hint;

    HintingStream(ServletOutputStream out, String hint) {
      this.out = out;
      this.hint = hint;
    }

    @Override
    public void write(byte[] body) throws IOException {
      JsonObject error =
          JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
      error.addProperty("hint", hint);
      out.write(error.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
