package peer;

import cn.binarywang.wx.miniapp.api.WxMaService;
import cn.binarywang.wx.miniapp.bean.WxMaJscode2SessionResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import me.chanjar.weixin.common.error.WxErrorException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/api")
class SessionController {
  record Login(String code) {}

  record Caller(long userId) {}

  private final WxMaService weChat;
  private final Users users;

  SessionController(WxMaService weChat, Users users) {
    this.weChat = weChat;
    this.users = users;
  }

  /** The token is in the header X-Auth-Token of the response. */
  @PostMapping("/login")
  Caller login(@RequestBody Login login, HttpServletRequest request) throws WxErrorException {
    WxMaJscode2SessionResult found = weChat.getUserService().getSessionInfo(login.code());
    long userId = users.idOf(found.getOpenid());
    HttpSession session = request.getSession();
    session.setAttribute("userId", userId);
    session.setAttribute("sessionKey", found.getSessionKey());
    return new Caller(userId);
  }

  @GetMapping("/session")
  Caller session(@SessionAttribute(name = "userId", required = false) Long userId) {
    if (userId == null) {
      throw new ResponseStatusException(HttpStatus.UNAUTHORIZED);
    }
    return new Caller(userId);
  }
}
