"""What to bring, as an answer shows it: the list, what is there already, and what the place does without."""

from __future__ import annotations

from collections.abc import Mapping

from base.answer import Block, MaterialLine, TextBlock, text
from knowledge.bundles import SharedNeed
from knowledge.checklist import Need, may_apply
from knowledge.documents import Document
from knowledge.inquiry import Inquiry
from knowledge.precheck import precheck
from knowledge.service import Material


def materials(inquiry: Inquiry) -> list[Block]:
    told = "、".join(_told(inquiry))
    without = waived(inquiry)
    if not inquiry.needs:
        words = "要带什么取决于您的情况。" if inquiry.undecided else "这件事不用带材料。"
        return [text(words), *without]
    if inquiry.undecided:
        title = "目前能确定要带这些：" if told else "不管哪种情况，这些都要带："
    elif told:
        title = f"按您的情况（{told}），要带这些："
    else:
        title = "要带这些："
    return [{"type": "materials", "title": title, "items": material_lines(inquiry)}, *without]


def waived(inquiry: Inquiry) -> list[TextBlock]:
    """What the person might bring for nothing, because the place does without it."""
    resolved = inquiry.resolved
    return [
        text(f"{resolved.rule(f'materials.{material.id}')}，不用带：{material.name}", "small")
        for material in resolved.dropped
        if may_apply(material.when, inquiry.answers)
    ]


def _told(inquiry: Inquiry) -> list[str]:
    situations = inquiry.service.situations
    return [s.options[inquiry.answers[s.id]] for s in situations if s.id in inquiry.answers]


def material_lines(inquiry: Inquiry) -> list[MaterialLine]:
    """What is certain so far, as an answer shows it; of a 一件事 with the items that each paper is for."""
    bundle = inquiry.bundle
    if bundle is None:
        return [_line(inquiry, need) for need in inquiry.needs]
    return [_shared_line(inquiry, shared, len(bundle.taking_part)) for shared in bundle.needs]


def _line(inquiry: Inquiry, need: Need) -> MaterialLine:
    return material_line(need, rule_of(inquiry, need))


def rule_of(inquiry: Inquiry, need: Need) -> str:
    """示例市规定 where a local rule decided the material, else an empty string."""
    path = f"materials.{need.material.id}"
    # What a 一件事 without a list of its own takes from its items stands in no list of its own either.
    return inquiry.resolved.rule(path) if path in inquiry.resolved.origins else ""


def _shared_line(inquiry: Inquiry, shared: SharedNeed, items: int) -> MaterialLine:
    line = _line(inquiry, shared.need)
    if not shared.members or items == 1:
        return line
    names = "、".join(member.name for member in shared.members)
    purpose = "各件事共用" if len(shared.members) == items else f"{names}要用"
    return {**line, "why": "；".join(filter(None, (line["why"], purpose)))}


def material_line(need: Need, rule: str = "") -> MaterialLine:
    """One material as an answer shows it; `rule` says whose rule it is where that is a local one."""
    material = need.material
    commitment = "可以签告知承诺书代替" * material.commitment
    return {
        "id": material.id,
        "name": material.name,
        "form": material.form,
        "copies": material.copies,
        "why": f"因为{'、'.join(need.because)}" if need.because else "",
        "note": "；".join(filter(None, (material.note, commitment, material.obtain, rule))),
        "waivable": material.waivable,
    }


def detailed(line: MaterialLine, material: Material, documents: Mapping[str, Document]) -> MaterialLine:
    """The line for whoever reads it at home: what stands in for the paper, and where it is had, are said as well."""
    document = documents.get(material.document or "")
    if document is None:
        return line
    stand_ins = "、".join(documents[one].name if one in documents else one for one in document.stand_ins)
    parts = [line["note"]]
    parts += [f"也可以用：{stand_ins}"] * (bool(stand_ins) and "或" not in material.name)
    parts += [document.electronic] * (document.electronic not in line["note"])
    parts += ["窗口能联网查到的可免交"] * (document.lookup and material.waivable and "免" not in line["note"])
    parts += [f"怎么拿到：{document.obtain}"] * (bool(document.obtain) and not material.obtain)
    return {**line, "note": "；".join(filter(None, parts))}


def check(inquiry: Inquiry) -> list[Block]:
    found = precheck(inquiry.knowledge.documents, inquiry.words, inquiry.needs, inquiry.undecided)
    blocks: list[Block] = []
    if found.have:
        blocks.append(text("已经有了：" + "、".join(need.material.name for need in found.have)))
    if found.missing:
        title = "还差这些：" if found.have else "对照一下，要带这些："
        lines = [_missing_line(inquiry, need, found.lacking) for need in found.missing]
        blocks.append({"type": "materials", "title": title, "items": lines})
    elif found.have:
        blocks.append(text("目前能确定要带的，您都有了。"))
    if found.not_needed:
        blocks.append(text(f"这份清单没有要：{'、'.join(found.not_needed)}"))
    return blocks or materials(inquiry)


def _missing_line(inquiry: Inquiry, need: Need, lacking: Mapping[str, tuple[str, ...]]) -> MaterialLine:
    """The line of a material that is not there yet: which part of it, whether the counter may find it, where it is had."""
    line, material = _line(inquiry, need), need.material
    document = inquiry.knowledge.documents.get(material.document or "")
    parts = [f"还差{'、'.join(lacking[material.id])}"] if material.id in lacking else []
    parts.append(line["note"])
    if document is not None:
        parts += ["窗口能联网查到的可免交"] * (document.lookup and material.waivable and not line["note"])
        parts += [f"怎么拿到：{document.obtain}"] * (bool(document.obtain) and not material.obtain)
    return {**line, "note": "；".join(filter(None, parts))}
