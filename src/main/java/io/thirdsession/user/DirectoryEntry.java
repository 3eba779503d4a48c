package io.thirdsession.user;

import io.thirdsession.phonebook.OpenedPhone;
import java.util.List;
import java.util.Optional;

/**
 * A user as back ends may see them.
 *
 * @param user the user
 * @param identities the identities that are visible to the caller, oldest first; never empty
 * @param phone the user's phone number; empty if none is bound or it cannot be opened
 */
public record DirectoryEntry(
    User user, List<IdentityView> identities, Optional<OpenedPhone> phone) {}
