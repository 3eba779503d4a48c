package io.thirdsession.profile;

/** The fields of a profile that their user may change. */
enum ProfileField {
  NICK_NAME("nickName", "nick_name", "昵称"),
  AVATAR_URL("avatarUrl", "avatar_url", "头像地址"),
  GENDER("gender", "gender", "性别"),
  PROVINCE("province", "province", "省份"),
  CITY("city", "city", "城市"),
  COUNTRY("country", "country", "国家"),
  LANGUAGE("language", "language", "语言"),
  TITLE("title", "title", "头衔");

  private final String label;
  private final String column;
  private final String chinese;

  ProfileField(String label, String column, String chinese) {
    this.label = label;
    this.column = column;
    this.chinese = chinese;
  }

  /** Returns the name in requests and responses. */
  String label() {
    return label;
  }

  /** Returns what Chinese users call it. */
  String chinese() {
    return chinese;
  }

  /** Returns the column of the table {@code user}. */
  String column() {
    return column;
  }
}
