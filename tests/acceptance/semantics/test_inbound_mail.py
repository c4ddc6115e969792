"""Inbound mail to case: threading, reopening on reply, each mail once, and a real IMAP conversation."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.api_server import TOKEN, Server
from tests.acceptance.flows import DAY, workflow
from tests.acceptance.semantics.office import Office
from tests.unit.connectors.imap_server import ImapServer
from towpath.app import open_platform
from towpath.connectors.imap import ImapInbox, ImapSettings
from towpath.connectors.outbox_file import OutboxFileSender
from towpath.engine.files import read_file
from towpath.engine.tables import FILE
from towpath.errors import EffectError, FormatError
from towpath.formats.mail_message import read_mail
from towpath.service import records
from towpath.service.attachments import MAX_FILE_BYTES, MAX_FILES, MAX_NAMED
from towpath.service.duplicates import merge
from towpath.service.inbound_mail import Received, poll, receive
from towpath.service.platform import Platform
from towpath.service.record_files import list_files, open_record_file


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.platform.close()


def message(text: str = "It does not work", **headers: str) -> bytes:
    made = EmailMessage()
    given = {"From": "Ann Lee <ann@example.com>", "To": "support@example.com", "Subject": "Broken", **headers}
    for name, value in given.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return bytes(made)


def take(office: Office, text: str = "x", **headers: str) -> Received:
    done = receive(office.platform, message(text, **headers))
    office.go()
    return done


def case(office: Office, record: str | None) -> dict[str, Any]:
    return office.record("Case", str(record))


def test_a_mail_makes_a_case_of_its_sender_and_his_account(office: Office) -> None:
    account = office.create("Account", name="Acme")
    contact = office.create("Contact", lastName="Lee", email="ann@example.com", accountId=account)
    done = take(office, "It does not work", Message_ID="<one@example.com>")
    made = case(office, done.record)
    assert (done.outcome, made["subject"], made["description"], made["origin"]) == (
        "new", "Broken", "It does not work", "Email",
    )  # fmt: skip
    assert (made["contactId"], made["accountId"], made["email"]) == (contact, account, "ann@example.com")


def test_the_same_mail_again_makes_nothing(office: Office) -> None:
    take(office, Message_ID="<one@example.com>")
    assert take(office, Message_ID="<ONE@example.com>").outcome == "repeated"
    assert len(office.records("Case")) == 1


def test_an_answer_is_found_by_what_it_refers_to_whatever_its_subject(office: Office) -> None:
    first = take(office, Message_ID="<one@example.com>")
    second = take(office, Subject="Other", Message_ID="<two@example.com>", In_Reply_To="<one@example.com>")
    third = take(office, Message_ID="<three@x.org>", References="<nothing@x.org> <two@example.com>")
    assert {first.record, second.record, third.record} == {first.record}
    assert [a["type"] for a in office.records("Activity")] == ["Email"] * 3


@pytest.mark.parametrize(("before", "count"), [("Pending", 0), ("Solved", 1), ("Closed", 1)])
def test_an_answer_reopens_a_case_that_waited_or_was_done(office: Office, before: str, count: int) -> None:
    first = take(office, Message_ID="<one@example.com>")
    office.update("Case", str(first.record), status=before)
    done = take(office, Message_ID="<two@example.com>", In_Reply_To="<one@example.com>")
    again = case(office, first.record)
    assert (done.outcome, again["status"], again["reopened"], again["solvedAt"]) == ("reopened", "Open", count, None)


def test_an_answer_to_a_case_closed_long_ago_is_a_new_case_beside_it(office: Office) -> None:
    first = take(office, Message_ID="<one@example.com>")
    office.update("Case", str(first.record), status="Closed")
    office.until(31 * DAY)
    done = take(office, Message_ID="<two@example.com>", In_Reply_To="<one@example.com>")
    assert (done.outcome, case(office, done.record)["parentId"]) == ("new", first.record)


def test_a_number_in_the_subject_counts_only_from_its_customer(office: Office) -> None:
    first = take(office, Message_ID="<one@example.com>")
    subject = f"Re: Broken [#{first.record}]"
    assert take(office, Subject=subject, Message_ID="<a@x.org>").record == first.record
    stranger = take(office, Subject=subject, Message_ID="<b@x.org>", From="mallory@evil.example")
    assert stranger.outcome == "new"
    assert stranger.record != first.record


def test_machines_do_not_talk_to_machines(office: Office) -> None:
    first = take(office, Message_ID="<one@example.com>")
    office.update("Case", str(first.record), status="Solved")
    away = take(office, Message_ID="<two@x.org>", In_Reply_To="<one@example.com>", Auto_Submitted="auto-replied")
    assert (away.outcome, case(office, first.record)["status"]) == ("threaded", "Solved")
    bounce = take(office, Message_ID="<three@x.org>", Precedence="bulk")
    assert (bounce.outcome, len(office.records("Case"))) == ("ignored", 1)


def test_the_answer_to_a_mail_that_a_workflow_sent_finds_the_case(office: Office, tmp_path: Path) -> None:
    office.platform.senders = {"mail": OutboxFileSender(tmp_path)}
    office.publish(
        workflow(
            {
                "new": ("trigger.record", {"object": "Case", "on": ["created"]}),
                "mail": ("mail.send", {"to": "{{ $json.email }}", "subject": "We have it", "text": "Hello"}),
            },
            "new > mail",
        )
    )
    record = office.create("Case", subject="By phone", email="ann@example.com")
    office.go()
    (sent,) = tmp_path.glob("*.eml")
    number = read_mail(sent.read_bytes()).message_id
    done = take(office, Subject="Thanks", In_Reply_To=f"<{number}>", Message_ID="<two@x.org>")
    assert (done.record, done.outcome) == (record, "threaded")


def test_a_run_that_waits_for_an_answer_goes_on_with_its_text(office: Office) -> None:
    office.publish(
        workflow(
            {
                "new": ("trigger.record", {"object": "Case", "on": ["created"]}),
                "wait": ("wait.event", {"event": "mail.replied", "key": "{{ $json.id }}", "timeout": "5 days"}),
                "log": ("notify.log", {"text": "{{ $json.event.text }}"}),
            },
            "new > wait", "wait > log",
        )
    )  # fmt: skip
    first = take(office, Message_ID="<one@example.com>")
    text = "Now it works\n\nOn Monday, Support wrote:\n> did you try again?"
    take(office, text, Message_ID="<two@example.com>", In_Reply_To="<one@example.com>")
    assert (office.said(), len(office.records("Case"))) == (["Now it works"], 1)
    assert first.outcome == "new"


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff" * 100, b"Subject: no sender\r\n\r\nx", b"From: nobody\r\n\r\nx", b"From: \xff@\r\n\r\n"],
)
def test_what_is_no_mail_is_refused_with_a_clear_error(raw: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read_mail(raw)
    assert caught.value.code == "mail.unreadable"


def test_hostile_mails_are_read_as_text_and_nothing_more() -> None:
    page = "<html><head><style>p{}</style></head><p>Hello<script>alert(1)</script><br>there &amp; here</p>"
    made = EmailMessage()
    made["From"], made["Subject"] = "Ann <ann@example.com>", "Hi"
    made.set_content(page, subtype="html")
    made.add_attachment(b"x" * 10, maintype="application", subtype="x", filename="../../etc/passwd")
    mail = read_mail(bytes(made))
    assert (mail.text, [(p.name, p.size) for p in mail.attachments]) == (
        "Hello\nthere & here",
        [("../../etc/passwd", 10)],
    )
    odd = b"From: a@example.com\r\nContent-Type: text/plain; charset=nobody-knows\r\n\r\n\xff\xfe hello"
    assert read_mail(odd).text.endswith("hello")


# Attachments

PDF = b"%PDF-1.7\n\x00\xff\r\n" * 40_000  # more than one part of the store


def with_files(*files: tuple[str, bytes], **headers: str) -> bytes:
    made = EmailMessage()
    given = {"From": "Ann Lee <ann@example.com>", "To": "support@example.com", "Subject": "Broken", **headers}
    for name, value in given.items():
        made[name.replace("_", "-")] = value
    made.set_content("See the files")
    made.add_alternative("<p>See <img src='cid:1'> the files</p>", subtype="html")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return bytes(made)


def attachments(platform: Platform, record: str | None) -> list[dict[str, Any]]:
    """What the activities of a case say of the files of its mails."""
    of_case = [row for row in records.find(platform, "Activity") if row["relatedId"] == record]
    return [each for activity in of_case for each in activity["data"]["attachments"]]


def content(platform: Platform, attachment: dict[str, Any]) -> bytes:
    return platform.store.read(lambda tx: b"".join(read_file(tx, attachment["file"]["id"])))


def test_the_files_of_a_mail_are_kept_with_its_case_byte_for_byte(office: Office) -> None:
    done = receive(office.platform, with_files(("offer.pdf", PDF), ("empty.pdf", b"")))
    offer, empty = attachments(office.platform, done.record)
    assert (offer["name"], offer["type"], offer["size"]) == ("offer.pdf", "application/pdf", len(PDF))
    assert (offer["file"]["fileName"], offer["file"]["bytes"]) == ("offer.pdf", len(PDF))
    assert (content(office.platform, offer), content(office.platform, empty)) == (PDF, b"")
    assert case(office, done.record)["description"] == "See the files"


def test_the_files_of_an_answer_stand_with_the_case_that_it_answers_and_are_told_to_the_run_that_waits(
    office: Office,
) -> None:
    waits = {"event": "mail.replied", "key": "{{ $json.id }}", "timeout": "5 days"}
    said = "{{ $json.event.attachments[0].name + ' ' + $json.event.attachments[0].file.bytes }}"
    office.publish(
        workflow(
            {
                "new": ("trigger.record", {"object": "Case", "on": ["created"]}),
                "wait": ("wait.event", waits), "log": ("notify.log", {"text": said}),
            },
            "new > wait", "wait > log",
        )
    )  # fmt: skip
    first = take(office, Message_ID="<one@example.com>")
    receive(
        office.platform, with_files(("log.txt", b"line"), Message_ID="<two@x.org>", In_Reply_To="<one@example.com>")
    )
    office.go()
    assert [each["name"] for each in attachments(office.platform, first.record)] == ["log.txt"]
    assert office.said() == ["log.txt 4"]


def test_the_same_mail_again_keeps_no_file_twice(office: Office) -> None:
    for _ in range(2):
        receive(office.platform, with_files(("a.pdf", PDF), Message_ID="<one@example.com>"))
    assert office.platform.store.read(lambda tx: tx.count(FILE)) == [(1,)]


def test_names_of_files_are_made_safe_and_none_is_there_twice(office: Office) -> None:
    files = [("../../etc/passwd", b"1"), ("C:\\x\\passwd", b"2"), ("bill\u202efdp.exe", b"3")]
    done = receive(office.platform, with_files(*files))
    kept = attachments(office.platform, done.record)
    assert [each["name"] for each in kept] == ["passwd", "passwd (2)", "billfdp.exe"]
    assert [content(office.platform, each) for each in kept] == [b"1", b"2", b"3"]


def test_a_file_beyond_the_limits_is_named_and_told_and_the_mail_comes_in_all_the_same(office: Office) -> None:
    small = [(f"{number}.txt", b"x") for number in range(MAX_FILES + 1)]
    many = receive(office.platform, with_files(*small))
    left = [each for each in attachments(office.platform, many.record) if "left_out" in each]
    assert [(each["name"], each["left_out"]) for each in left] == [(f"{MAX_FILES}.txt", "too many")]
    large = receive(office.platform, with_files(("huge.bin", b"\0" * (MAX_FILE_BYTES + 1)), ("small.txt", b"x")))
    huge, kept = attachments(office.platform, large.record)
    assert (huge["left_out"], "file" in huge, content(office.platform, kept)) == ("too large", False, b"x")
    assert [text.rpartition(": ")[2] for text in office.said("mail_file_left_out")] == [f"{MAX_FILES}.txt", "huge.bin"]


def test_of_a_mail_with_thousands_of_files_only_some_are_named(office: Office) -> None:
    head = b'From: ann@example.com\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
    part = b'--x\r\nContent-Disposition: attachment; filename="a"\r\n\r\n1\r\n'
    done = receive(office.platform, head + part * 5000 + b"--x--\r\n")
    found = attachments(office.platform, done.record)
    assert (len(found), found[-1]["name"], found[-1]["size"]) == (MAX_NAMED + 1, f"{5000 - MAX_NAMED} more", 4900)
    assert len([each for each in found if "file" in each]) == MAX_FILES


def test_a_mail_within_a_mail_and_a_picture_without_a_name_are_files_too(office: Office) -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "Ann <ann@example.com>", "Fwd"
    made.set_content("<p>Look <img src='cid:1'></p>", subtype="html")
    made.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<1>")
    made.make_mixed()
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "bob@example.com", "Inside"
    inner.set_content("not the text of the case")
    made.add_attachment(inner)
    done = receive(office.platform, bytes(made))
    picture, forwarded = attachments(office.platform, done.record)
    assert (picture["name"], content(office.platform, picture)) == ("attachment.png", b"\x89PNG")
    assert (forwarded["name"], read_mail(content(office.platform, forwarded)).subject) == ("attachment.eml", "Inside")
    assert case(office, done.record)["description"] == "Look"


def test_the_files_of_a_mail_that_is_handed_in_over_http_are_kept(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "message/rfc822"}
        raw = with_files(("offer.pdf", PDF), Message_ID="<one@example.com>")
        answer = server.client.post(f"{server.url}/api/inbound-mail", content=raw, headers=headers)
        assert (answer.status_code, answer.json()["outcome"]) == (202, "new")
    platform = open_platform(tmp_path)
    (offer,) = attachments(platform, answer.json()["record"])
    assert content(platform, offer) == PDF
    platform.close()


def test_the_files_of_a_case_are_listed_and_fetched_and_erased_for_good(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        raw = with_files(("offer.pdf", PDF), ("a.txt", b"a"), Message_ID="<one@example.com>")
        case = server.client.post("/api/inbound-mail", content=raw, headers={"Content-Type": "message/rfc822"}).json()
        files = f"/api/records/Case/{case['record']}/files"
        offer, text = server.ok("GET", files)
        assert (offer["name"], offer["bytes"], text["name"]) == ("offer.pdf", len(PDF), "a.txt")
        got = server.client.get(f"{files}/{offer['id']}")
        assert (got.content, got.headers["content-type"]) == (PDF, "application/octet-stream")
        assert "offer.pdf" in got.headers["content-disposition"]
        other = server.ok("POST", "/api/records/Case", {"subject": "Other"})["id"]
        stranger = server.fails(404, "GET", f"/api/records/Case/{other}/files/{offer['id']}")
        as_a_run = server.fails(404, "GET", f"/api/runs/{case['record']}/files/{offer['id']}")
        assert as_a_run["code"] == "file.unknown"  # or who may read runs only would read what a case has
        assert stranger["code"] == "file.unknown", "a file is given to who asks for its own case only"
        server.ok("DELETE", f"/api/records/Case/{case['record']}")
        assert server.fails(404, "GET", f"{files}/{offer['id']}")["code"] == "record.not_found"
        server.ok("POST", f"/api/records/Case/{case['record']}/restore")
        assert server.client.get(f"{files}/{offer['id']}").content == PDF, "and it comes back with its case"
        assert server.ok("DELETE", files) == {"files": 2}
        assert server.ok("GET", files) == []
        assert server.fails(404, "GET", f"{files}/{offer['id']}")["code"] == "file.unknown"


def test_the_files_of_cases_that_are_merged_are_those_of_the_case_that_stays(office: Office) -> None:
    cases = [
        str(receive(office.platform, with_files((name, PDF), Message_ID=f"<{name}@x.org>")).record)
        for name in ("one.pdf", "two.pdf")
    ]
    merge(office.platform, "Case", cases)
    for case in cases:  # the id that is gone leads to the one that stays
        found = list_files(office.platform, "Case", case)
        assert [file.name for file in found] == ["one.pdf", "two.pdf"]
        for file in found:
            assert b"".join(open_record_file(office.platform, "Case", case, file.id)) == PDF


# Over IMAP


def inbox(server: ImapServer, **more: Any) -> ImapInbox:
    given = {"user": "support", "password": "secret", "port": server.port, "tls": "none", **more}
    return ImapInbox(ImapSettings("127.0.0.1", **given))


def test_a_mailbox_is_read_over_imap_and_each_mail_is_marked_once_it_is_on_disk(office: Office) -> None:
    with ImapServer() as server:
        server.add(message(Message_ID="<one@example.com>"))
        server.add(b"no mail at all")
        server.add(message(Message_ID="<two@example.com>", In_Reply_To="<one@example.com>"))
        done = poll(office.platform, inbox(server))
        assert [received.outcome for received in done] == ["new", "ignored", "threaded"]
        assert server.seen == {1, 2, 3}
        assert poll(office.platform, inbox(server)) == []
        assert len(office.said("mail_unreadable")) == 1


def test_the_files_of_a_mail_that_is_read_over_imap_are_kept(office: Office) -> None:
    with ImapServer() as server:
        server.add(with_files(("offer.pdf", PDF), Message_ID="<one@example.com>"))
        (done,) = poll(office.platform, inbox(server))
    (offer,) = attachments(office.platform, done.record)
    assert content(office.platform, offer) == PDF


def test_a_crash_between_disk_and_mark_makes_no_second_case(office: Office) -> None:
    with ImapServer() as server:
        server.add(message(Message_ID="<one@example.com>"))
        poll(office.platform, inbox(server))
        server.seen.clear()  # the mark was lost
        assert [r.outcome for r in poll(office.platform, inbox(server))] == ["repeated"]
        assert len(records.find(office.platform, "Case")) == 1


def test_a_mailbox_that_cannot_be_read_says_where_to_look(office: Office) -> None:
    with ImapServer() as server:
        for settings in ({"password": "wrong"}, {"port": 1}):
            with pytest.raises(EffectError) as caught:
                poll(office.platform, inbox(server, **settings))
            assert (caught.value.code, "TOWPATH_IMAP_HOST" in str(caught.value.hint)) == ("mail.imap", True)
