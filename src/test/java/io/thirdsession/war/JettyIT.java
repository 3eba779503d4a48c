package io.thirdsession.war;

class JettyIT extends HttpContract {
  JettyIT() {
    super(JettyContainer::start);
  }
}
