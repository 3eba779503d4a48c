package io.thirdsession.lazyimport;

import io.thirdsession.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * Where users are looked up who are new here.
 *
 * @param url who is asked; empty: nobody
 * @param secret proves to them who asks; there if the URL is
 * @param required whether a user about whom they say nothing may not log in
 */
public record LazyImportSettings(Optional<URI> url, Optional<Secret> secret, boolean required) {}
