// Sums of codes' weights on a graphics processor, for `codes.rs`: products with ones in the codes' places.
//
// A weight is the sum of two numbers in bfloat16 to 16 bits of its 24, and so is a gradient. Matrix units
// multiply those an order of magnitude faster than single precision, by half the memory, and add up in
// single precision.

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstdio>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Both parts of x (N, W): (N, 2 W).
at::Tensor parts(const at::Tensor &x) {
  const auto high = x.to(at::kBFloat16);
  return at::cat({high, (x - high.to(at::kFloat)).to(at::kBFloat16)}, 1);
}

// The product of `ones` with both parts of `x`, put together.
at::Tensor product(const at::Tensor &ones, const at::Tensor &x) {
  const auto both = at::mm(ones, parts(x), at::kFloat);
  const auto width = x.size(1);
  return both.narrow(1, 0, width) + both.narrow(1, width, width);
}

struct Sums : torch::autograd::Function<Sums> {
  // The sums (N, W), for codes (N, C), bytes below A, of rows of `table` (C A, W).
  static at::Tensor forward(AutogradContext *context, const at::Tensor &codes, const at::Tensor &table) {
    const auto alphabet = table.size(0) / codes.size(1);
    const auto values = at::arange(alphabet, codes.options());
    const auto ones = codes.unsqueeze(-1).eq(values).flatten(1).to(at::kBFloat16);
    context->save_for_backward({ones});
    return product(ones, table);
  }

  static variable_list backward(AutogradContext *context, const variable_list &gradients) {
    const auto ones = context->get_saved_variables()[0];
    return {at::Tensor(), product(ones.t(), gradients[0])};
  }
};

} // namespace

extern "C" {

// A new tensor, or none where libtorch throws: what it says stands in `why`.
at::Tensor *tella_sums_of_codes(const at::Tensor *codes, const at::Tensor *table, char *why, std::size_t room) {
  try {
    return new at::Tensor(Sums::apply(*codes, *table));
  } catch (const std::exception &error) {
    std::snprintf(why, room, "%s", error.what());
    return nullptr;
  }
}
}
