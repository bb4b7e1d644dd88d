import CLibc
import SecurityCore
import SecurityHTTP

/// What the process itself uses, under the names that Prometheus' own libraries give it.
struct ProcessFigures: Sendable {
    private let started = Environment.system.now()

    var families: [MetricFamily] {
        var families = [
            MetricFamily(
                "process_start_time_seconds", .gauge, "Start of the process, in seconds since the epoch.",
                [.init(Double(started.seconds))]),
            MetricFamily(
                "process_cpu_seconds_total", .counter, "Processor time, the system's included.",
                [.init(UnixCalls.processorSeconds)]),
            MetricFamily(
                "process_max_fds", .gauge, "Descriptors that may be open.", [.init(Int(sysconf(Int32(_SC_OPEN_MAX))))]),
        ]
        if let count = UnixCalls.openDescriptors {
            families.append(MetricFamily("process_open_fds", .gauge, "Descriptors that are open.", [.init(count)]))
        }
        return families + memory
    }

    /// proc(5): the sizes in `statm` are pages; the first is all of the address space, the second what is resident.
    private var memory: [MetricFamily] {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let words = UnixCalls.words("/proc/self/statm").prefix(2).compactMap { Int($0) }
        guard words.count == 2 else { return [] }
        return [
            MetricFamily(
                "process_virtual_memory_bytes", .gauge, "Size of the address space.", [.init(words[0] * page)]),
            MetricFamily("process_resident_memory_bytes", .gauge, "Memory in use.", [.init(words[1] * page)]),
        ]
    }
}
