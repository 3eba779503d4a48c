package io.thirdsession.user;

import java.util.List;
import java.util.Optional;

/**
 * A user as back ends may see them.
 *
 * @param user the user
 * @param identities those that the asking back end may know of, the oldest first; never empty
 * @param phone their number, if one is bound and opens
 */
public record DirectoryEntry(
    User user, List<HeldIdentity> identities, Optional<BoundPhone> phone) {}
