// What compiled functions must know of random numbers.
#pragma once

#include <cstdint>

namespace binding {

// How often this thread has drawn from its default generator. A function that draws must not be
// replayed: it would give the same numbers again.
std::uint64_t random_draws();

}  // namespace binding
