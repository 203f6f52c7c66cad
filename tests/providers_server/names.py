"""A name server for the same world: mail exchangers of the companies, no such name for everything else."""

from __future__ import annotations

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.providers_server.world import World


def serve(world: World, host: str) -> int:
    """Answer on a free UDP port of ``host`` as long as the process lives; returns the port."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((host, 0))
    threading.Thread(target=_answer_all, args=(listener, world), daemon=True).start()
    return int(listener.getsockname()[1])


def _answer_all(listener: socket.socket, world: World) -> None:
    while True:
        packet, caller = listener.recvfrom(4096)
        listener.sendto(answer(packet, world), caller)


def answer(packet: bytes, world: World) -> bytes:
    """The answer to one question."""
    query = dns.message.from_wire(packet)
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.RA
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True)
    if name == "com":
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "NS", "names.test."))
    elif name not in world.by_domain:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif world.by_domain[name].number % 40 != 39:
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "MX", f"10 mail.{name}."))
    else:
        # RFC 7505: this domain takes no mail.
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "MX", "0 ."))
    return reply.to_wire()
