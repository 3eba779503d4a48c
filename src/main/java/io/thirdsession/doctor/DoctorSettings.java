package io.thirdsession.doctor;

import java.time.Duration;
import java.util.Optional;

/**
 * The settings that the doctor judges.
 *
 * @param publicUrl PUBLIC_URL, without a trailing slash
 * @param poolSize DB_POOL_SIZE
 * @param transactionPoolSize DB_TX_POOL_SIZE
 * @param rateLimited whether any rate is limited
 * @param sessionIdle SESSION_IDLE
 * @param sessionAbsolute SESSION_ABSOLUTE
 */
public record DoctorSettings(
    Optional<String> publicUrl,
    int poolSize,
    int transactionPoolSize,
    boolean rateLimited,
    Duration sessionIdle,
    Duration sessionAbsolute) {}
