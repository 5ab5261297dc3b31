# SPDX-License-Identifier: GPL-2.0-or-later
"""gdb's side: its frames of a stopped CPU.

Where the kernel has CFI gdb goes by that alone. Entry code, trampolines and
changes of the stack have none (assembler, inline assembler); there an
unwinder of ours tells gdb where the kernel keeps the registers, by gdb's own
knowledge of the kernel's structures. It is written from the kernel's sources,
and shares nothing with zunwind.
"""

import gdb
from gdb.unwinder import Unwinder

MASK = (1 << 64) - 1
PSTATE = 1 << 48
GPRS = range(16)
# struct stack_frame, as in the registers' save area
SLOT_R14, SLOT_CHAIN, FRAME = 136, 152, 160
INTERRUPTS = {"ext_int_handler", "io_int_handler", "pgm_check_handler",
              "mcck_int_handler"}
# Who has no caller
ENDS = {"system_call", "ret_from_fork", "restart_int_handler",
        "startup_continue", "smp_start_secondary", "start_kernel"}
# Where a traced function goes on, counted from its start
ENTRY = 6
STACKS = ("async_stack", "nodat_stack", "restart_stack", "mcck_stack")


def number(expression):
    return int(gdb.parse_and_eval(f"(unsigned long)({expression})")) & MASK


def read64(addr):
    data = gdb.selected_inferior().read_memory(addr, 8)
    return int.from_bytes(bytes(data), "big")


def name_at(addr):
    """The function at an address, without what the compiler appends"""
    text = gdb.execute(f"info symbol {addr:#x}", to_string=True)
    if text.startswith("No symbol"):
        return "?"
    return text.split()[0]


class Names:
    """name_at(), remembered"""
    def __init__(self):
        self.known = {}

    def __call__(self, addr):
        if addr not in self.known:
            self.known[addr] = name_at(addr)
        return self.known[addr]


class Offsets:
    """Where members are, as DWARF says"""
    def __init__(self):
        def of(member, struct):
            return number(f"&((struct {struct} *)0)->{member}")
        self.psw = of("psw", "pt_regs")
        self.gprs = of("gprs", "pt_regs")
        self.regs_size = number("sizeof(struct pt_regs)")
        self.ret = of("ret", "ftrace_ret_stack")
        self.retp = of("retp", "ftrace_ret_stack")
        self.ret_size = number("sizeof(struct ftrace_ret_stack)")


class Cpu:
    """What of the current CPU does not change while it is looked at"""
    def __init__(self):
        lowcore = "((struct lowcore *)0)"
        self.task = number(f"{lowcore}->current_task")
        self.tops = {s: number(f"{lowcore}->{s}") for s in STACKS}
        self.kernel_stack = number(f"{lowcore}->kernel_stack")
        pointer = f"((struct task_struct *){self.task:#x})"
        self.base = number(f"{pointer}->stack")
        self.comm = gdb.parse_and_eval(f"{pointer}->comm").string("latin-1")
        self.pointer = pointer


class Helper(Unwinder):
    """For code without CFI"""
    def __init__(self):
        super().__init__("zunwind")
        self.offsets = Offsets()
        self.names = Names()
        self.assembler = Assembler()
        self.fgraph = number("&return_to_handler")
        self.rethook = number("&arch_rethook_trampoline")
        self.new_stop(None, None)

    def new_stop(self, cpu, innermost):
        self.cpu = cpu
        self.innermost = innermost  # its instruction and stack pointer
        self.used = set()
        self.count = 0
        self.graph_below = None

    def __call__(self, pending):
        if self.cpu is None:
            return None
        try:
            return self.unwind(pending)
        except (gdb.error, ValueError) as error:
            self.used.add(f"gdb: {error}")
            return None

    def unwind(self, pending):
        pc = int(pending.read_register("pc")) & MASK
        sp = int(pending.read_register("r15")) & MASK
        innermost = (pc, sp) == self.innermost
        if pc & ~1 == self.fgraph:     # or interrupted right there
            return self.same(pending, pc, self.graph_return(sp), "fgraph")
        if pc == self.rethook and not innermost:
            return self.same(pending, pc, self.hook_return(sp), "rethook")
        if innermost:
            if not self.is_leaf(pc):
                return None
            r14 = int(pending.read_register("r14")) & MASK
            return self.same(pending, pc, r14, "assembler leaf")
        name = self.names(pc - 1)
        if name in INTERRUPTS or name in ("ftrace_common", "ftrace_caller",
                                          "ftrace_regs_caller"):
            self.used.add("interrupt" if name in INTERRUPTS else "ftrace")
            return self.saved(pending, pc, sp)
        if name in ENDS:
            return self.info(pending, pc, self.current(pending), 0)
        # a function that has just been entered on the other stack is not it
        if sp in self.cpu.tops.values() and \
                pc & ~1 > number(f"&{name}") + ENTRY:
            self.used.add("stack switch")
            return self.switch(pending, pc, sp)
        if self.assembler(pc & ~1 if pc & 1 else pc - 1):
            return self.info(pending, pc, self.current(pending), 0)
        return None

    def is_leaf(self, pc):
        """mem.S has neither CFI nor a frame: it never writes r14 or r15"""
        table = gdb.find_pc_line(pc).symtab
        return table is not None and \
            table.filename.endswith("s390/lib/mem.S")

    def is_interrupt(self, pc):
        return self.names(pc - 1) in INTERRUPTS

    def info(self, pending, pc, values, to):
        # gdb wants frames to rise, and calls them by their CFA
        word = gdb.lookup_type("unsigned long")
        cfa = values["r15"] + FRAME
        self.count += 1     # several trampolines can stand for one address
        info = pending.create_unwind_info(Id(gdb.Value(cfa).cast(word),
                                             gdb.Value(self.count).cast(
                                                 word)))
        for register, value in list(values.items()) + [("pc", to),
                                                       ("pswa", to)]:
            info.add_saved_register(register, gdb.Value(value & MASK).cast(
                gdb.lookup_type("long")
                if register not in ("pc", "pswa") else word))
        return info

    def current(self, pending):
        values = {}
        for i in GPRS:
            try:
                values[f"r{i}"] = int(pending.read_register(f"r{i}")) & MASK
            except gdb.error:
                pass
        return values

    def same(self, pending, pc, to, why):
        """A trampoline in place of a return address: all else is as it is"""
        if to is None:
            return None
        self.used.add(why)
        return self.info(pending, pc, self.current(pending), to)

    def saved(self, pending, pc, sp):
        """Registers that lie above the frame. That instruction has not been
        executed: gdb, which takes this for a call, looks one byte before. A
        kprobe on ftrace says it is where the function starts."""
        regs = sp + FRAME
        to = read64(regs + self.offsets.psw + 8)
        values = {f"r{i}": read64(regs + self.offsets.gprs + 8 * i)
                  for i in GPRS}
        if not self.is_interrupt(pc) and gdb.execute(
                f"info symbol {to:#x}", to_string=True).split()[1] != "+":
            to += ENTRY
        return self.info(pending, pc, values, to + 1)

    def switch(self, pending, pc, sp):
        """call_on_stack() leaves the function's entry stack pointer in the
        back chain of the new stack, which is not what CFI counts from"""
        entry = read64(sp + SLOT_CHAIN)
        values = self.current(pending)
        first = self.first_saved(pc)
        for i in range(first, 15):
            values[f"r{i}"] = read64(entry + SLOT_R14 - 8 * (14 - i))
        values["r15"] = entry
        return self.info(pending, pc, values, read64(entry + SLOT_R14))

    def first_saved(self, pc):
        """The first register of stmg %rN,%r15 at the function's start"""
        start = number(f"&{self.names(pc - 1)}")
        code = bytes(gdb.selected_inferior().read_memory(start, 32))
        for at in range(0, 26, 2):
            if code[at] == 0xeb and code[at + 1] & 15 == 15 and \
                    code[at + 5] == 0x24:
                return code[at + 1] >> 4
        return 14

    def graph_return(self, sp):
        """Function graph's shadow stack, from the top"""
        stack = number(f"{self.cpu.pointer}->ret_stack")
        top = number(f"{self.cpu.pointer}->curr_ret_stack")
        word = stack + 8 * top - self.offsets.ret_size
        if self.graph_below is not None:
            word = self.graph_below
        while word >= stack:
            # tail calls leave several for one place, the last has the caller
            if read64(word + self.offsets.retp) == sp and \
                    read64(word + self.offsets.ret) != self.fgraph:
                self.graph_below = word - self.offsets.ret_size
                return read64(word + self.offsets.ret)
            word -= 8
        return None

    def hook_return(self, sp):
        node = number(f"{self.cpu.pointer}->rethooks.first")
        llist = number("&((struct rethook_node *)0)->llist")
        for _ in range(1000):
            if not node:
                return None
            hook = f"((struct rethook_node *){node - llist:#x})"
            if number(f"{hook}->frame") == sp and \
                    number(f"{hook}->ret_addr") != self.rethook:
                return number(f"{hook}->ret_addr")
            node = read64(node)
        return None


class Id:
    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class Assembler:
    """Is there no CFI? In these kernels that is the code of .S files."""
    def __init__(self):
        self.known = {}

    def __call__(self, addr):
        if addr not in self.known:
            table = gdb.find_pc_line(addr).symtab
            self.known[addr] = table is None or \
                table.filename.endswith(".S")
        return self.known[addr]


def real_frames(used):
    """gdb's frames without those it makes up for inlined functions, and for
    tail calls, which have none; it may fail on any"""
    try:
        frame = gdb.newest_frame()
        while frame is not None:
            if frame.type() not in (gdb.INLINE_FRAME, gdb.TAILCALL_FRAME):
                yield (frame.pc() & MASK,
                       int(frame.read_register("r15")) & MASK)
            older = frame.older()
            if older is None:
                used.add("gdb: " + gdb.frame_stop_reason_string(
                    frame.unwind_stop_reason()))
            frame = older
    except gdb.error as error:
        used.add(f"gdb: {error}")


def walk(helper):
    """gdb's walk of the CPU that helper was told of. Frames as (ip, sp, name), the innermost first, and how it ended:
    "end"; "assembler", which gdb can't go on from; "lost"."""
    frames = []
    assembler = helper.assembler
    pc, sp = helper.innermost
    if assembler(pc) and not helper.is_leaf(pc):
        return [(pc, sp, helper.names(pc))], "assembler"
    for ip, sp in real_frames(helper.used):
        exact = ip & 1 == 1 or not frames
        ip &= ~1
        if frames and ip in (helper.fgraph, helper.rethook):
            continue
        name = helper.names(ip if exact else ip - 1)
        frames.append((ip, sp, name))
        if len(frames) > 1 and name in INTERRUPTS:
            if read64(sp + FRAME + helper.offsets.psw) & PSTATE:
                return frames, "end"
        elif name in ENDS:
            return frames, "end"
        elif len(frames) > 1 and assembler(ip if exact else ip - 1) and \
                name not in ("ftrace_common",):
            return frames, "assembler"
    return frames, "lost"
