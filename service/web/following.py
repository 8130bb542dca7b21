"""Says what happens next, to whoever has just finished something."""

from flask import g, url_for

from service.operations import messages, tasks
from service.store.models import ProcessInstance, UserTask
from service.web.present import notify, t


def announce(task: UserTask) -> None:
    """After a task: it is done, and what the case waits for now; or that the case stopped behind it."""
    place = url_for("cases.show", instance_id=task.instance_id)
    if task.status == "parked":
        notify("warn", t("web.next.parked", step=task.name), place, t("web.next.see"))
        return
    sentence = t("web.next.completed", step=task.name, follows=what_follows(task.instance))
    notify("ok", sentence, place, t("web.next.see"))


def what_follows(case: ProcessInstance) -> str:
    """Where the case stands now, in one sentence."""
    if case.status != "active":
        return t("web.next.ended", end=case.end_name or case.business_key)
    steps = [
        t("web.next.step", step=task.name, lane=task.lane)
        for task in tasks.find(g.session, instance_id=case.id, limit=4)
    ]
    steps += [t("web.next.message", message=one.element_name) for one in messages.waiting(g.session, case.id)]
    if not steps:
        return t("web.next.later")
    return t("web.next.steps", steps="; ".join(dict.fromkeys(steps)))
