package io.thirdsession.bench.report;

/**
 * What one step costs.
 *
 * @param step its name
 * @param micros on average
 * @param error half of the interval in which the average is with a probability of 99.9 %
 * @param bytes that are allocated
 */
public record StepCost(String step, double micros, double error, double bytes) {}
