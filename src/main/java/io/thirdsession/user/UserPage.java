package io.thirdsession.user;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Users, newest first.
 *
 * @param entries a page of them
 * @param next where the next page begins; empty if there is nothing behind this one
 */
public record UserPage(List<DirectoryEntry> entries, Optional<UUID> next) {}
