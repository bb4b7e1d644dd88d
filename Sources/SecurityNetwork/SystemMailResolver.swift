internal import CResolver
public import SecurityCore

/// The DNS through libresolv and the system's servers (resolv.conf(5)).
public final class SystemMailResolver: MailResolver {
    /// A server in the place of the system's: an IPv4 address and a port.
    public struct Server: Sendable {
        let address: String
        let port: UInt16

        /// A server.
        public init(address: String, port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    private let server: Server?

    /// A resolver; nil = the system's servers.
    public init(server: Server? = nil) {
        self.server = server
    }

    /// The longest answer that is read (RFC 1035 section 4.2.2), and the most records of it.
    private static let longestAnswer = 65_535
    private static let mostRecords = 200

    /// See ``MailResolver``.
    public func records(_ kind: DNSRecordKind, of domain: String, timeoutSeconds: Int) -> DNSAnswer {
        var answer = [UInt8](repeating: 0, count: SystemMailResolver.longestAnswer)
        var length = 0
        // SAFETY: the texts and the buffer live through the call, with the count given.
        let result = unsafe answer.withUnsafeMutableBufferPointer { answer in
            unsafe query(domain, kind, Int32(clamping: timeoutSeconds), answer, &length)
        }
        switch UInt32(bitPattern: result) {
        case CRESOLVER_ANSWER.rawValue: return records(kind, in: answer[..<length])
        case CRESOLVER_NO_DATA.rawValue: return .noData
        case CRESOLVER_NO_DOMAIN.rawValue: return .noDomain
        default: return .unknown
        }
    }

    private func query(
        _ domain: String, _ kind: DNSRecordKind, _ seconds: Int32, _ answer: UnsafeMutableBufferPointer<UInt8>,
        _ length: inout Int
    ) -> Int32 {
        guard let server else {
            return unsafe cresolver_query(
                nil, 0, domain, kind.rawValue, seconds, answer.baseAddress, answer.count, &length)
        }
        return unsafe cresolver_query(
            server.address, server.port, domain, kind.rawValue, seconds, answer.baseAddress, answer.count, &length)
    }

    private func records(_ kind: DNSRecordKind, in answer: ArraySlice<UInt8>) -> DNSAnswer {
        var records: [[UInt8]] = []
        var room = [UInt8](repeating: 0, count: SystemMailResolver.longestAnswer)
        while records.count < SystemMailResolver.mostRecords {
            // SAFETY: both buffers live through the call, with the counts given.
            let count = unsafe answer.withUnsafeBufferPointer { answer in
                unsafe room.withUnsafeMutableBufferPointer { room in
                    unsafe cresolver_record(
                        answer.baseAddress, answer.count, kind.rawValue, Int32(records.count), room.baseAddress,
                        room.count)
                }
            }
            if count == -1 { break }
            guard count >= 0 else { return .unknown }
            records.append(Array(room[..<Int(count)]))
        }
        return records.isEmpty ? .noData : .records(records)
    }
}
