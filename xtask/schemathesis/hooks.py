"""What schemathesis cannot read off the description: how an address is spelled."""
import schemathesis
from hypothesis import strategies as st

PARTS = r"(grad|m|v|m_hat|v_hat|update|next)"
MATRICES = rf"(wte|wpe|lm_head|layer[0-3]\.(attn_w[qkvo]|mlp_fc[12]))(\[[0-9]\](\[[0-9]\])?)?(\.{PARTS})?"
TENSORS = r"(step:[0-9]/)?(text:[a-z]{0,5}/)?p[0-9]/(logits|probs|layer[01]\.(act|q|head[01]\.weights))(\[[0-9]\])?(\.grad)?"
LOSSES = ["loss", "p0/loss", "p*/loss", "loss.grad"]

schemathesis.openapi.format(
    "address",
    st.one_of(
        st.from_regex(MATRICES, fullmatch=True),
        st.from_regex(TENSORS, fullmatch=True),
        st.sampled_from(LOSSES),
        st.integers(0, 5000).map("node:{}".format),
    ),
)
