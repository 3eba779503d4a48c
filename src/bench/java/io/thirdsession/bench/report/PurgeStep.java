package io.thirdsession.bench.report;

/**
 * What was measured while expired sessions were purged.
 *
 * @param expired how many there were
 * @param perSecond how many were deleted in a second, while checks were measured
 * @param check checks of few users by a few clients meanwhile
 * @param login logins of few users after that, in the purge or after it
 * @param left how many were still there in the end
 */
public record PurgeStep(int expired, double perSecond, Figure check, Figure login, int left) {}
