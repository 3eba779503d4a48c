package io.thirdsession.bench.report;

/**
 * What was measured with so many sessions.
 *
 * @param sessions rows in the table
 * @param users rows in the tables of users and of identities
 * @param check checks by a few clients
 * @param login logins
 * @param sessionBytes of the table of sessions with its indexes, for each row
 * @param userBytes of the tables of users and identities, for each user
 * @param innodbBytes that InnoDB wrote for a login: pages, redo log, double writes
 * @param binlogBytes that went into the binary log for a login
 */
public record GrowthStep(
    int sessions,
    int users,
    Figure check,
    Figure login,
    double sessionBytes,
    double userBytes,
    double innodbBytes,
    double binlogBytes) {}
