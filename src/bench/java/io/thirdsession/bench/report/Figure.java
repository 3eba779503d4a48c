package io.thirdsession.bench.report;

import java.util.Map;

/**
 * One measurement.
 *
 * @param name what was measured
 * @param war of which WAR, or empty where none takes part
 * @param round in which round, from 1
 * @param clients how many clients, or threads, there were
 * @param perSecond how often it was done in a second
 * @param p50 the time within which half of the responses came, in milliseconds; so the next
 * @param server CPU time of the server a response, in microseconds, without the JVM's compiler
 * @param compiler CPU time of its compiler a response
 * @param database CPU time of the database server a response
 * @param generator CPU time of the load generator a response, WeChat's stand-in included
 * @param switches how often a thread of the server gave up the CPU a response
 * @param others responses with another status than they should have, by status; 0 = none at all
 * @param resident memory of the server at the end, in MiB
 * @param peak the most since its start
 * @param load threads of the whole machine that wanted a CPU, in the minute before
 */
public record Figure(
    String name,
    String war,
    int round,
    int clients,
    double perSecond,
    double p50,
    double p90,
    double p99,
    double p999,
    double server,
    double compiler,
    double database,
    double generator,
    double switches,
    Map<Integer, Long> others,
    long resident,
    long peak,
    double load) {}
