from celery import shared_task

from .models import Ticket


@shared_task(ignore_result=True)
def notify_assignee(ticket_id: int) -> None:
    ticket = Ticket.objects.select_related("assignee").get(pk=ticket_id)
    if ticket.assignee and ticket.assignee.email:
        ticket.assignee.email_user(f"工单 #{ticket.pk}", ticket.title)
