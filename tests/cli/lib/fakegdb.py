#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A gdb server as QEMU's is, with the memory of an ELF dump, and a command that
reads it.

usage: fakegdb.py [WORD]... DUMP -- COMMAND...

"@" in COMMAND becomes gdb:127.0.0.1:PORT, or gdb:SOCKET. What happens to the
machine is written to the file "log", a word a line: what COMMAND asks for, at
the end "runs" or "stopped". The exit status is that of COMMAND.

Words, the last few with the request for memory at which it happens:
  no-mode            no physical memory mode
  mode-1             that mode is on already
  no-ack             acknowledgements can be switched off
  rle                answers with runs
  quiet-start        does not say that it stopped when COMMAND came (QEMU 8.1)
  unix               a socket in a file
  prelaunch          the machine had not been started yet
  panics             it stops of its own accord each time it is let go
  small              small packets
  slow               10 ms for each request for memory
  again              when who asks has gone, somebody else may ask; and each time
                     the machine is stopped its memory is what is in DUMP then
  garbage=N close=N bad-sum=N cut=N E01=N long=N odd=N stop-reply=N
  close-byte=N       close behind that byte of all that is sent
  signal-NAME=N      a signal for COMMAND, which gets its answer a little later
  refuse=N           it is let go N times; the next stop is not answered but closed
"""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time


def segments(path):
    with open(path, "rb") as f:
        data = f.read()
    phoff, = struct.unpack_from(">Q", data, 32)
    size, count = struct.unpack_from(">HH", data, 54)
    found = []
    for i in range(count):
        kind, _, offset, _, paddr, length, _, _ = struct.unpack_from(
            ">IIQQQQQQ", data, phoff + i * size)
        if kind == 1:
            found.append((paddr, data[offset:offset + length]))
    return found


def run_length(data):
    """Runs of 4 and more, of no count that would be # or $"""
    def one(match):
        byte, n = match.group()[:1], len(match.group()) - 1
        while n in (6, 7):
            n -= 1
        rest = len(match.group()) - 1 - n
        return byte + b"*" + bytes([n + 29]) + byte * rest
    return re.sub(rb"(.)\1{3,40}", one, data)


class Closed(Exception):
    pass


class Server:
    def __init__(self, words, dump):
        self.words = {w.split("=")[0]: int((w.split("=") + ["0"])[1], 0)
                      for w in words}
        self.dump = dump
        self.memory = segments(dump)
        self.log = open("log", "w", encoding="utf-8", buffering=1)
        self.mode = "1" if "mode-1" in self.words else "0"
        self.running = "prelaunch" not in self.words
        self.acks = True
        self.sent = self.reads = self.in_stop = self.gone_on = 0
        self.child = self.conn = None
        if "unix" in self.words:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind("socket")
            self.name = "gdb:./socket"
        else:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.name = f"gdb:127.0.0.1:{self.listener.getsockname()[1]}"
        self.listener.listen(1)

    def note(self, text):
        print(text, file=self.log)

    def put(self, data):
        limit = self.words.get("close-byte")
        if limit is not None and self.sent + len(data) > limit:
            self.conn.sendall(data[:limit - self.sent])
            raise Closed
        self.sent += len(data)
        self.conn.sendall(data)

    def packet(self, data, spoil=0):
        if "rle" in self.words:
            data = run_length(data)
        total = (sum(data) + spoil) & 255
        self.put(b"$" + data + b"#%02x" % total)

    def read(self, addr, length):
        data = bytearray(length)
        there = False
        for start, part in self.memory:
            begin, end = max(addr, start), min(addr + length,
                                               start + len(part))
            if begin < end:
                data[begin - addr:end - addr] = part[begin - start:end - start]
                there = True
        return bytes(data).hex().encode() if there else b"E14"

    def at(self, word):
        return self.words.get(word) == self.reads

    def fault(self, answer):
        """Something else than the answer; True if that was all"""
        if self.at("garbage"):
            self.put(b"HTTP/1.1 400 Bad Request\r\n")
        elif self.at("close"):
            raise Closed
        elif self.at("bad-sum"):
            self.packet(answer, 1)
        elif self.at("cut"):
            self.packet(answer[:-2])
        elif self.at("odd"):
            self.packet(answer[:-1] + b"z")
        elif self.at("E01"):
            self.packet(b"E01")
        elif self.at("long"):
            for _ in range(400):
                self.put(b"0" * 1024)
        elif self.at("stop-reply"):
            self.packet(b"T02thread:01;")
        else:
            return False
        self.note("fault")
        return True

    def read_memory(self, text):
        addr, length = (int(x, 16) for x in text.split(","))
        self.reads += 1
        self.in_stop += 1
        if "slow" in self.words:
            time.sleep(0.01)
        if self.mode != "1" or length > self.packet_size() // 2:
            self.note("bad-read")
            self.packet(b"E22")
            return
        if self.at("long"):
            self.put(b"$")
        for word, at in self.words.items():
            if word.startswith("signal-") and at == self.reads:
                self.child.send_signal(getattr(signal, word[7:]))
                self.note("signal")
                time.sleep(0.1)
        answer = self.read(addr, length)
        if not self.fault(answer):
            self.packet(answer)

    def packet_size(self):
        return 0x200 if "small" in self.words else 0x1000

    def query(self, text):
        if text == "qSupported":
            more = ";QStartNoAckMode+" if "no-ack" in self.words else ""
            self.packet(b"PacketSize=%x;qXfer:features:read+%s" %
                        (self.packet_size(), more.encode()))
        elif text == "QStartNoAckMode":
            self.packet(b"OK")
            self.acks = False
        elif text.startswith("qRcmd,"):
            why = " (prelaunch)" if "prelaunch" in self.words else ""
            line = f"VM status: paused{why}\r\n"
            self.packet(b"O" + line.encode().hex().encode())
            self.packet(b"OK")
        elif "PhyMemMode" in text and "no-mode" in self.words:
            self.packet(b"")
        elif text == "qqemu.PhyMemMode":
            self.packet(self.mode.encode())
        elif text.startswith("Qqemu.PhyMemMode:"):
            self.mode = text[-1]
            self.packet(b"OK")
        else:
            self.packet(b"")

    def end_stop(self):
        self.note(f"read {self.in_stop}")
        self.in_stop = 0

    def go_on(self):
        self.end_stop()
        self.note("c")
        self.gone_on += 1
        self.running = True
        if "panics" in self.words:
            self.running = False
            self.packet(b"T8fthread:01;")

    def handle(self, text):
        if text.startswith("m"):
            self.read_memory(text[1:])
        elif text == "c":
            self.go_on()
        elif text == "D":
            self.end_stop()
            self.note("D")
            self.running = True
            self.packet(b"OK")
        else:
            self.query(text)

    def stand_still(self):
        self.running = False
        if "again" in self.words:
            self.memory = segments(self.dump)

    def stop(self, byte):
        """Any byte stops a machine that runs, and is lost"""
        if self.words.get("refuse") == self.gone_on:
            raise Closed
        self.note("stop" if byte == 3 else "bad-stop")
        self.stand_still()
        self.packet(b"T02thread:01;")

    def take(self, data):
        while data:
            if self.running:
                if data[0] != ord("+"):
                    self.stop(data[0])
                data = data[1:]
            elif data[:1] == b"$":
                end = data.find(b"#")
                if end < 0 or len(data) < end + 3:
                    return data
                text, said = data[1:end], data[end + 1:end + 3]
                if int(said, 16) != sum(text) & 255:
                    self.note("bad-packet")
                if self.acks:
                    self.put(b"+")
                data = data[end + 3:]
                self.handle(text.decode())
            else:
                data = data[1:]
        return data

    def attach(self):
        self.conn, _ = self.listener.accept()
        # as QEMU has it: no answer waits until the one before it was heard of
        if self.conn.family == socket.AF_INET:
            self.conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.running:
            self.stand_still()
            if "quiet-start" not in self.words:
                self.packet(b"T02thread:01;")

    def serve_all(self):
        self.serve()
        while "again" in self.words:
            self.acks = True
            self.serve()

    def serve(self):
        data = b""
        try:
            self.attach()
            while True:
                more = self.conn.recv(65536)
                if not more:
                    break
                data = self.take(data + more)
        except Closed:
            self.note("closed")
        except OSError as error:
            self.note(f"error {error}")
        self.conn.close()
        self.note(f"reads {self.reads}")
        self.note("mode " + self.mode)
        self.note("runs" if self.running else "stopped")


def child_setup():
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE", "SIGQUIT"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def main(argv):
    split = argv.index("--")
    server = Server(argv[1:split - 1], argv[split - 1])
    command = [server.name if a == "@" else a for a in argv[split + 1:]]
    # pylint: disable=subprocess-popen-preexec-fn,consider-using-with
    server.child = subprocess.Popen(command, preexec_fn=child_setup)
    thread = threading.Thread(target=server.serve_all, daemon=True)
    thread.start()
    try:
        status = server.child.wait(300 if "again" in server.words else 60)
    except subprocess.TimeoutExpired:
        server.child.kill()
        sys.exit(125)
    if "again" not in server.words:
        thread.join(5)
    sys.exit(status if status >= 0 else 128 - status)


main(sys.argv)
