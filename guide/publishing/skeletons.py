"""What a new page begins with: the parts that a page of its kind is to have, named and empty. Pure."""

from guide.publishing.rewriting import set_head

_BODIES = {
    "chapter": "导语：\n",
    "section": (
        "导语：\n\n| 宜说 | 忌说 | 为什么 |\n|---|---|---|\n|  |  |  |\n\n"
        "## 原则的标题 {#first-rule .principle level=should basis=guide}\n\n"
        "**做到：**\n\n**为什么：**\n\n**怎么查：**\n\n**做不到时：**\n"
    ),
    "case": "## 情景\n\n## 经过\n\n## 分析\n\n## 正确做法\n\n## 讨论题\n\n## 参考要点\n",
    "card": "## 现象\n\n## 第一步\n\n## 怎么说\n\n## 不能说\n\n## 时限\n\n## 找谁\n\n## 依据\n",
    "drill": "## 情景\n\n## 角色卡\n\n## 观察要点\n\n## 复盘\n",
}


def skeleton(kind: str, slug: str, title: str) -> str:
    """The text with which a new page of `kind` begins."""
    head: dict[str, object] = {"title": title}
    if kind not in ("chapter", "section"):
        head["kind"] = kind
    if kind == "case":
        head |= {"type": "bad", "simulated": True}
    return set_head(f"---\nid: {slug}\n---\n{_BODIES[kind]}", head)
