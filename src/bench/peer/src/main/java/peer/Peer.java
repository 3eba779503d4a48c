package peer;

import cn.binarywang.wx.miniapp.api.WxMaService;
import cn.binarywang.wx.miniapp.api.impl.WxMaServiceImpl;
import cn.binarywang.wx.miniapp.config.impl.WxMaDefaultConfigImpl;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.session.web.http.HeaderHttpSessionIdResolver;
import org.springframework.session.web.http.HttpSessionIdResolver;

@SpringBootApplication
class Peer {
  public static void main(String[] args) {
    SpringApplication.run(Peer.class, args);
  }

  @Bean
  WxMaService weChat(
      @Value("${wechat.appid}") String appId,
      @Value("${wechat.secret}") String secret,
      @Value("${wechat.api-url}") String apiUrl) {
    WxMaDefaultConfigImpl config = new WxMaDefaultConfigImpl();
    config.setAppid(appId);
    config.setSecret(secret);
    config.setApiHostUrl(apiUrl);
    WxMaService weChat = new WxMaServiceImpl();
    weChat.setWxMaConfig(config);
    return weChat;
  }

  /** Mini programs keep no cookies. */
  @Bean
  HttpSessionIdResolver sessionIds() {
    return HeaderHttpSessionIdResolver.xAuthToken();
  }
}
