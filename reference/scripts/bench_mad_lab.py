"""What a training step of MAD's token models costs with mad-lab's layers, launched eagerly by PyTorch.

MAD_LAB BATCH LENGTH: the folder of a clone of mad-lab (commit 0f49a452), examples of a step, tokens of each. On the
first graphics processor: forward, backward and AdamW under bfloat16 autocast, two mixers with a SwiGLU after each,
width 128, 16 tokens; prints JSON, milliseconds, the median of 60 after 10. The counterpart of
`nn/examples/training_cost.rs`.

mad-lab's own Hyena layers and SwiGLU; its attention wants flash-attn and its norm a Triton kernel: in their places
stand torch's `scaled_dot_product_attention` with the same projections and rotary embedding, and torch's RMSNorm.
"""

import json
import statistics
import sys
import time
import types
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

WIDTH, TOKENS, HEADS = 128, 16, 16
FILTER = {"bias": True, "filter_cls": "implicit"}
HYENA = {
    "dim": WIDTH, "order": 2, "num_heads": 1, "inner_factor": 4, "num_blocks": 1, "fused_bias_fc": False,
    "outer_mixing": False, "dropout": 0, "proj_groups": 4, "post_order_ffn": False, "short_filter_order": 3,
    "nested": True, "activation": "id", "long_conv_cfg": FILTER | {"filter_cfg": {"order": 4}},
}  # fmt: skip
MULTI_HEAD_HYENA = {
    "dim": WIDTH, "order": 2, "num_heads": HEADS, "inner_factor": 1, "num_blocks": 1, "fused_bias_fc": False,
    "outer_mixing": False, "dropout": 0, "post_order_ffn": False, "short_filter_order": 3, "activation": "id",
    "long_conv_cfg": FILTER | {"num_heads": HEADS, "filter_cfg": {"order": 2}},
}  # fmt: skip


def layers_of(folder):
    """mad-lab's modules for Hyena and SwiGLU, without its packages' first lines, which import all layers."""
    sys.path.insert(0, str(folder))
    for name in ["mad", "mad.model", "mad.model.layers"]:
        package = types.ModuleType(name)
        package.__path__ = [str(Path(folder, *name.split(".")))]
        sys.modules[name] = package
    from mad.model.layers import hyena, mlp

    return hyena, mlp


class Attention(nn.Module):
    """Causal attention, all channels of each head turned by their position."""

    def __init__(self, length):
        super().__init__()
        self.project_in, self.project_out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        half = WIDTH // HEADS // 2
        angles = torch.outer(torch.arange(length), 1e4 ** (-torch.arange(half) / half))
        self.register_buffer("cos", angles.cos().bfloat16()[:, None])
        self.register_buffer("sin", angles.sin().bfloat16()[:, None])

    def turned(self, x):
        a, b = x.chunk(2, dim=-1)
        return torch.cat([a * self.cos - b * self.sin, b * self.cos + a * self.sin], dim=-1)

    def forward(self, x):
        q, k, v = self.project_in(x).unflatten(-1, (3, HEADS, -1)).unbind(2)
        q, k, v = (t.transpose(1, 2) for t in (self.turned(q), self.turned(k), v))
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.project_out(y.transpose(1, 2).flatten(2))


class Model(nn.Module):
    def __init__(self, mixer, channels):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, WIDTH)
        layers = [mixer(), channels(), mixer(), channels()]
        self.layers = nn.ModuleList(nn.Sequential(nn.RMSNorm(WIDTH, 1e-6), layer) for layer in layers)
        self.head = nn.Sequential(nn.RMSNorm(WIDTH, 1e-6), nn.Linear(WIDTH, TOKENS))

    def forward(self, tokens):
        x = self.embedding(tokens)
        for layer in self.layers:
            x = x + layer(x)
        return self.head(x)


def milliseconds(model, batch, length):
    model = model.cuda().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
    tokens = [torch.randint(TOKENS, (batch, length), device="cuda") for _ in range(2)]

    def step():
        start = time.perf_counter()
        optimizer.zero_grad()
        with torch.autocast("cuda", torch.bfloat16):
            logits = model(tokens[0])
            loss = functional.cross_entropy(logits.flatten(0, 1).float(), tokens[1].flatten())
        loss.backward()
        optimizer.step()
        assert loss.isfinite().item()
        return (time.perf_counter() - start) * 1e3

    for _ in range(10):
        step()
    return round(statistics.median(step() for _ in range(60)), 3)


def main():
    folder, batch, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    hyena, mlp = layers_of(folder)
    mixers = {
        "attention": lambda: Attention(length),
        "hyena": lambda: hyena.HyenaOperator(max_length=length, **HYENA),
        "multi-head-hyena": lambda: hyena.MultiHeadHyenaOperator(max_length=length, **MULTI_HEAD_HYENA),
    }
    channels = lambda: mlp.SwiGLU(dim=WIDTH)  # noqa: E731
    torch.set_float32_matmul_precision("high")
    rows = [
        {"mixer": name, "mad_lab_eager": milliseconds(Model(mixer, channels), batch, length)}
        for name, mixer in mixers.items()
    ]
    print(json.dumps({"batch": batch, "length": length, "milliseconds": rows}))


main()
