package io.thirdsession.bench.report;

/**
 * What was measured with so many sessions.
 *
 * @param sessions rows in the table
 * @param users rows in the tables of users and of identities
 * @param fewChecks checks of so few users that their rows fit into the buffer pool, by few clients
 * @param check checks of many users, by few clients
 * @param fewLogins logins of those few users
 * @param login logins of all users
 * @param sessionBytes of the table of sessions with its indexes, for each row
 * @param userBytes of the tables of users and identities, for each user
 * @param innodbBytes that InnoDB wrote for a login: pages, redo log, double writes
 * @param binlogBytes that went into the binary log for a login
 */
public record GrowthStep(
    int sessions,
    int users,
    Figure fewChecks,
    Figure check,
    Figure fewLogins,
    Figure login,
    double sessionBytes,
    double userBytes,
    double innodbBytes,
    double binlogBytes) {}
