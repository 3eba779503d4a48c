package io.thirdsession.war;

class TomcatIT extends HttpContract {
  TomcatIT() {
    super(TomcatContainer::start);
  }
}
