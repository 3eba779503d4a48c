package io.thirdsession.backend;

import java.util.Optional;

/**
 * In which line of a file an id stands, for the first {@value #MOST} of them: 12 bytes each, and as
 * many free. Ids are told apart by a hash of 64 bits, which is good enough to help people find a
 * line, and for nothing else. Not thread-safe.
 */
final class LineNumbers {
  private static final int MOST = 1 << 18;
  private static final int FIRST_CAPACITY = 1 << 10;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final int HALF = 32;

  private long[] hashes = new long[FIRST_CAPACITY]; // 0: free
  private int[] lines = new int[FIRST_CAPACITY];
  private int size;

  void put(String id, int line) {
    put(hash(id), line);
  }

  private void put(long hash, int line) {
    int slot = slot(hash);
    if (hashes[slot] == 0) {
      if (size == MOST) {
        return;
      }
      size++;
      hashes[slot] = hash;
    }
    lines[slot] = line;
    if (size * 2 > hashes.length) {
      grow();
    }
  }

  Optional<Integer> find(String id) {
    int slot = slot(hash(id));
    return hashes[slot] == 0 ? Optional.empty() : Optional.of(lines[slot]);
  }

  private int slot(long hash) {
    int mask = hashes.length - 1;
    int slot = (int) (hash ^ (hash >>> HALF)) & mask;
    while (hashes[slot] != 0 && hashes[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldHashes = hashes;
    int[] oldLines = lines;
    hashes = new long[2 * oldHashes.length];
    lines = new int[hashes.length];
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldHashes[i] != 0) {
        int slot = slot(oldHashes[i]);
        hashes[slot] = oldHashes[i];
        lines[slot] = oldLines[i];
      }
    }
  }

  private static long hash(String id) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * FNV_PRIME;
    }
    return hash == 0 ? 1 : hash;
  }
}
