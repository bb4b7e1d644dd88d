import CLibc
import CUnix
import SecurityCore

/// The sockets that systemd, or another supervisor, listens at for this process (sd_listen_fds(3)).
///
/// 1. LISTEN_PID names this process; else the variables are somebody else's, and nothing was inherited.
/// 2. LISTEN_FDS tells how many descriptors there are, from 3 on.
/// 3. LISTEN_FDNAMES, where it is set, has a name for each. `metrics` is for the metrics; every other name is for the service.
/// 4. What is not a stream socket that listens is a mistake of the unit, and the service does not start.
struct InheritedSockets {
    /// For the service.
    private(set) var service: [Int32] = []
    /// For the metrics.
    private(set) var metrics: [Int32] = []

    /// What this process inherited. Takes it over: programs that it starts do not see it.
    init() throws(InheritanceFlaw) {
        try self.init(
            process: UnixCalls.environment("LISTEN_PID"), count: UnixCalls.environment("LISTEN_FDS"),
            names: UnixCalls.environment("LISTEN_FDNAMES"))
    }

    private init(process: String?, count: String?, names: String?) throws(InheritanceFlaw) {
        guard let process, let count, process.equals(String(getpid())) else { return }
        guard let total = Int32(count), (0...InheritedSockets.most).contains(total) else {
            throw InheritanceFlaw("LISTEN_FDS is \"\(count)\", which is no number of sockets")
        }
        let names = names.map { ByteText($0).parts(at: 0x3A) } ?? []
        guard names.isEmpty || names.count == Int(total) else {
            throw InheritanceFlaw("LISTEN_FDNAMES has \(names.count) names for LISTEN_FDS=\(total)")
        }
        for index in 0..<total {
            let descriptor = InheritedSockets.first + index
            guard UnixCalls.isListening(descriptor), cunix_close_on_exec(descriptor) == 0 else {
                throw InheritanceFlaw(
                    "descriptor \(descriptor) of LISTEN_FDS is no stream socket that listens: the socket unit needs"
                        + " ListenStream= and Accept=no")
            }
            if names.indices.contains(Int(index)), names[Int(index)] == "metrics" {
                metrics.append(descriptor)
            } else {
                service.append(descriptor)
            }
        }
    }

    /// SD_LISTEN_FDS_START.
    private static let first: Int32 = 3
    private static let most: Int32 = 1024
}

/// What is wrong with the sockets that were to be inherited.
struct InheritanceFlaw: Error, CustomStringConvertible {
    /// One line: what it is, and the way out.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
