/** What happens in the district while it runs: changes of the school offices, as T-SQL on its database. */
@NullMarked
package dev.patronstream.sandbox.life;

import org.jspecify.annotations.NullMarked;
