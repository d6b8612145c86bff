// Shapes come from Python as one number or any sequence of numbers, and go back as tuples.
#pragma once

namespace pybind11::detail {

template <>
struct type_caster<mlx::core::Shape> {
  PYBIND11_TYPE_CASTER(mlx::core::Shape, const_name("int | Sequence[int]"));

  bool load(handle source, bool) {
    value.clear();
    if (PyIndex_Check(source.ptr())) {
      return append(source);
    }
    if (PyUnicode_Check(source.ptr()) || !PySequence_Check(source.ptr())) {
      return false;
    }
    for (auto item : reinterpret_borrow<sequence>(source)) {
      if (!append(item)) {
        return false;
      }
    }
    return true;
  }

  static handle cast(const mlx::core::Shape& shape, return_value_policy, handle) {
    tuple result(shape.size());
    for (size_t i = 0; i < shape.size(); ++i) {
      result[i] = int_(shape[i]);
    }
    return result.release();
  }

 private:
  bool append(handle item) {
    if (!PyIndex_Check(item.ptr())) {
      return false;
    }
    auto number = PyNumber_AsSsize_t(item.ptr(), PyExc_OverflowError);
    if (number == -1 && PyErr_Occurred()) {
      throw error_already_set();
    }
    value.push_back(mlx::core::safe_cast(number));
    return true;
  }
};

}  // namespace pybind11::detail
