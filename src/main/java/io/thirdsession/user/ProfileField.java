package io.thirdsession.user;

/** The fields of a profile that their user may change. */
enum ProfileField {
  NICK_NAME("nickName", "nick_name"),
  AVATAR_URL("avatarUrl", "avatar_url"),
  GENDER("gender", "gender"),
  PROVINCE("province", "province"),
  CITY("city", "city"),
  COUNTRY("country", "country"),
  LANGUAGE("language", "language"),
  TITLE("title", "title");

  private final String label;
  private final String column;

  ProfileField(String label, String column) {
    this.label = label;
    this.column = column;
  }

  /** Returns the name in requests and answers. */
  String label() {
    return label;
  }

  /** Returns the column of the table {@code user}. */
  String column() {
    return column;
  }
}
