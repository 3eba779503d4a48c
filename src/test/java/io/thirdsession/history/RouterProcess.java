package io.thirdsession.history;

import io.thirdsession.testing.Ports;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A MySQL Router in front of a group. Of the metadata that MySQL Shell would write it gets what it
 * reads, with the interval of half a second between two looks that is its default.
 */
final class RouterProcess implements AutoCloseable {
  private static final String CONFIGURATION =
      """
      [DEFAULT]
      logging_folder=
      runtime_folder=%1$s
      data_folder=%1$s
      keyring_path=%1$s/router.keyring
      master_key_path=%1$s/router.master
      dynamic_state=%1$s/router.json
      pid_file=%1$s/router.pid
      connect_timeout=1
      read_timeout=2
      [logger]
      level=INFO
      [metadata_cache:drill]
      cluster_type=gr
      router_id=1
      user=router
      metadata_cluster=drill
      ttl=0.5
      [routing:primary]
      bind_address=127.0.0.1
      bind_port=%2$d
      destinations=metadata-cache://drill/?role=PRIMARY
      routing_strategy=first-available
      protocol=classic
      """;

  private static final String[] METADATA = {
    "CREATE DATABASE mysql_innodb_cluster_metadata",
    "USE mysql_innodb_cluster_metadata",
    "CREATE TABLE schema_version (major INT PRIMARY KEY, minor INT, patch INT)",
    "INSERT INTO schema_version VALUES (2, 0, 0)",
    "CREATE TABLE v2_this_instance"
        + " (cluster_id CHAR(36) PRIMARY KEY, cluster_name VARCHAR(40), cluster_type VARCHAR(8))",
    "INSERT INTO v2_this_instance VALUES ('1', 'drill', 'gr')",
    "CREATE TABLE v2_gr_clusters (cluster_id CHAR(36) PRIMARY KEY, cluster_type VARCHAR(8),"
        + " cluster_name VARCHAR(40), group_name CHAR(36))",
    "INSERT INTO v2_gr_clusters VALUES ('1', 'gr', 'drill', '" + ReplicationGroup.NAME + "')",
    "CREATE TABLE v2_instances (instance_id INT PRIMARY KEY, cluster_id CHAR(36),"
        + " label VARCHAR(80), mysql_server_uuid CHAR(36), address VARCHAR(80),"
        + " endpoint VARCHAR(80), xendpoint VARCHAR(80), attributes JSON)",
    "INSERT INTO v2_instances SELECT member_port, '1', member_port, member_id,"
        + " CONCAT(member_host, ':', member_port), CONCAT(member_host, ':', member_port), NULL, '{}'"
        + " FROM performance_schema.replication_group_members",
    "CREATE TABLE v2_routers (router_id INT PRIMARY KEY, cluster_id CHAR(36), address VARCHAR(80),"
        + " product_name VARCHAR(80), router_name VARCHAR(80), version VARCHAR(20),"
        + " last_check_in TIMESTAMP NULL, attributes JSON, options JSON)",
    "INSERT INTO v2_routers (router_id, cluster_id, address, router_name)"
        + " VALUES (1, '1', '127.0.0.1', 'drill')",
    "CREATE USER router IDENTIFIED BY '" + ReplicationGroup.PASSWORD + "'",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON mysql_innodb_cluster_metadata.* TO router",
    "GRANT SELECT ON performance_schema.* TO router",
  };

  private final Process process;
  private final int port;

  private RouterProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one that leads to the primary of this group, which is whole. */
  static RouterProcess start(MySqlRoot root, ReplicationGroup group) throws Exception {
    group.primary().execute(METADATA);
    int port = Ports.free();
    Files.writeString(root.outside("router.conf"), CONFIGURATION.formatted(root.folder(), port));
    String servers =
        group.members().stream()
            .map(member -> "\"mysql://" + member.address() + "\"")
            .collect(Collectors.joining(","));
    Files.writeString(
        root.outside("router.json"),
        "{\"metadata-cache\":{\"group-replication-id\":\""
            + ReplicationGroup.NAME
            + "\",\"cluster-metadata-servers\":["
            + servers
            + "]},\"version\":\"1.0.0\"}");
    String key = "--master-key-file=" + root.inside("router.master");
    String keyring = root.inside("router.keyring");
    root.run("mysqlrouter_keyring", "init", key, keyring);
    root.run(
        "mysqlrouter_keyring",
        "set",
        key,
        keyring,
        "router",
        "password",
        ReplicationGroup.PASSWORD);
    Process process =
        root.start("router.log", List.of("mysqlrouter", "-c", root.inside("router.conf")));
    Ports.awaitAnswer(port, process, "MySQL Router: see " + root.outside("router.log"));
    return new RouterProcess(process, port);
  }

  /** Returns where it takes the connections that it leads to the primary. */
  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
