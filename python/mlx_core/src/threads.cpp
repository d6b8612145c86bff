#include <atomic>
#include <cstdint>

#include "binding.h"

namespace binding {
namespace {

// This thread's flag. It is never freed, so that whoever has its address may write there at any time.
std::atomic<int32_t>& stop_flag() {
  thread_local auto* own = new std::atomic<int32_t>(0);
  return *own;
}

}  // namespace

void stop_if_told() {
  if (stop_flag().load(std::memory_order_relaxed) != 0) {
    PyErr_SetString(PyExc_KeyboardInterrupt, "stopped, since it was not done in time");
    throw py::error_already_set();
  }
}

// The official module has nothing of the kind: AkiDB's server ends loops by it that ask for new arrays again and again. It
// cannot raise an exception from outside, since that ends the process while native code is among the callers.
void define_threads(py::module_& module) {
  module.def("_stop_flag", [] { return reinterpret_cast<std::uintptr_t>(&stop_flag()); });
}

}  // namespace binding
