from django.conf import settings
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=16, default="normal")


class Ticket(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=16, default="open")
    created_at = models.DateTimeField(auto_now_add=True)


class Attachment(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE)
    path = models.CharField(max_length=255)
