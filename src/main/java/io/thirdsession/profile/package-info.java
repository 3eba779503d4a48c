/** Users' profiles and pictures: which values are accepted, and how they are stored. */
@NullMarked
package io.thirdsession.profile;

import org.jspecify.annotations.NullMarked;
