// The convolution by real FFTs with a gradient of its own, for `fourier.rs`.
//
// libtorch differentiates a real transform by a complex one of twice the size. The gradients of a convolution are
// convolutions with the gradient turned round, so real transforms do: with g the gradient from its last point to its
// first, that of the inputs is g * k, and that of the kernel g * u, both from their last points to their first.
//
// On graphics processors memory is what it waits for: inputs are widened and padded in one go, and products of
// spectra are scaled as they are made. On processors the inverse transform scales at no cost.

#include "inverse.h"

#include <torch/csrc/autograd/custom_function.h>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The spectrum of `size` points, in at least single precision.
at::Tensor transformed(const at::Tensor &x, std::int64_t size) {
  const auto length = x.size(-1);
  auto sizes = x.sizes().vec();
  sizes.back() = size;
  const auto kind = x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const auto padded = at::empty(sizes, x.options().dtype(kind));
  padded.narrow(-1, 0, length).copy_(x);
  padded.narrow(-1, length, size - length).zero_();
  return at::fft_rfft(padded);
}

// A product of spectra, so scaled that `inverse` need not do it.
at::Tensor product(const at::Tensor &a, const at::Tensor &b, std::int64_t size) {
  if (a.is_cpu()) {
    return a * b;
  }
  return at::addcmul(at::zeros({}, a.options()), a, b, 1.0 / static_cast<double>(size));
}

// Summed over what `sizes` was broadcast along.
at::Tensor folded(const at::Tensor &spectrum, at::IntArrayRef sizes) {
  // libtorch would sum along a dimension of one element as well.
  const auto same = spectrum.numel() == c10::multiply_integers(sizes);
  return same ? spectrum.view(sizes) : at::sum_to(spectrum, sizes);
}

struct Convolution : torch::autograd::Function<Convolution> {
  // The circular convolution of `size` points, as many of them as `u` is long.
  static at::Tensor forward(AutogradContext *context, const at::Tensor &u, const at::Tensor &k, std::int64_t size) {
    const auto of_u = transformed(u, size), of_k = transformed(k, size);
    context->save_for_backward({of_u, of_k});
    context->saved_data["size"] = size;
    context->saved_data["taps"] = k.size(-1);
    context->saved_data["kinds"] = std::vector<std::int64_t>{static_cast<std::int64_t>(u.scalar_type()),
                                                             static_cast<std::int64_t>(k.scalar_type())};
    return inverse(product(of_u, of_k, size), size).narrow(-1, 0, u.size(-1)).to(u.scalar_type());
  }

  static variable_list backward(AutogradContext *context, const variable_list &gradients) {
    const auto saved = context->get_saved_variables();
    const auto kinds = context->saved_data["kinds"].toIntVector();
    const auto size = context->saved_data["size"].toInt();
    const auto length = gradients[0].size(-1);
    const auto gradient = transformed(gradients[0].flip({-1}), size);
    // By the spectrum of the other, in the shape of one's own.
    const auto of = [&](std::size_t own, std::int64_t points) {
      if (!context->needs_input_grad(own)) {
        return at::Tensor();
      }
      const auto spectrum = folded(product(gradient, saved[1 - own], size), saved[own].sizes());
      const auto turned = inverse(spectrum, size).narrow(-1, length - points, points);
      return turned.to(static_cast<at::ScalarType>(kinds[own])).flip({-1});
    };
    return {of(0, length), of(1, context->saved_data["taps"].toInt()), at::Tensor()};
  }
};

} // namespace

extern "C" {

// A new tensor, or none where libtorch throws: what it says stands in `why`.
at::Tensor *tella_fft_convolution(const at::Tensor *u, const at::Tensor *k, std::int64_t size, char *why,
                                  std::size_t room) {
  try {
    return new at::Tensor(Convolution::apply(*u, *k, size));
  } catch (const std::exception &error) {
    std::snprintf(why, room, "%s", error.what());
    return nullptr;
  }
}
}
