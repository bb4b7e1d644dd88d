internal import CCurl
public import SecurityCore

/// Hands one message to a mail server through libcurl (RFC 5321).
///
/// Requirements:
/// 1. With TLS asked for, nothing is sent in the clear, and the server's certificate and name are verified.
/// 2. There is a limit to the time for the connection and to the time for everything.
/// 3. A message counts as sent when the server has taken it over (250 after its last line), and not before.
/// 4. An address with a control character is refused: libcurl would write it into the dialogue, where it begins a command.
public struct SMTPTransport: Sendable {
    /// How the connection is secured.
    public enum Security: Sendable {
        /// Not at all.
        case none
        /// MAIL_USE_TLS: begun in the clear, then STARTTLS or nothing.
        case startTLS
        /// MAIL_USE_SSL: TLS from the first byte.
        case tls
    }

    /// MAIL_SERVER.
    public var host: String
    /// MAIL_PORT.
    public var port: Int
    /// MAIL_USE_TLS, MAIL_USE_SSL.
    public var security: Security = .none
    /// MAIL_USERNAME.
    public var username: String?
    /// MAIL_PASSWORD.
    let password: SharedText?
    /// Milliseconds for everything.
    public var milliseconds = 10_000
    /// A PEM file of the authorities to trust; nil = those of the system.
    public var authorities: String?

    /// A server and how to come in.
    public init(host: String, port: Int, security: Security, username: String?, password: SharedSecret?) {
        self.host = host
        self.port = port
        self.security = security
        self.username = username
        self.password = password.map { SharedText($0) }
    }

    /// Sends `message`, lines ended with CR LF, from one address to another. A refusal is final when the server refused this
    /// message for good (5xx).
    public func send(_ message: [UInt8], from sender: String, to recipient: String) throws(DeliveryFailure) {
        guard (sender + recipient).utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw DeliveryFailure(reason: "a control character in an address", isFinal: true)
        }
        guard CurlLibrary.isReady, let handle = unsafe curl_easy_init() else { throw SMTPTransport.lacking }
        // SAFETY: `handle` is ours until the cleanup; libcurl copies the texts that options are set to.
        defer { unsafe curl_easy_cleanup(handle) }
        guard let recipients = unsafe curl_slist_append(nil, "<\(recipient)>") else { throw SMTPTransport.lacking }
        // SAFETY: the list outlives the transfer.
        defer { unsafe curl_slist_free_all(recipients) }
        let source = MessageSource(message)
        guard unsafe configure(handle, sender), unsafe ccurl_set_recipients(handle, recipients) == CURLE_OK,
            unsafe source.connect(to: handle)
        else { throw SMTPTransport.lacking }
        let code = withExtendedLifetime(source) { unsafe curl_easy_perform(handle) }
        guard code != CURLE_OK else { return }
        let status = unsafe ccurl_status(handle)
        let reason = unsafe String(cString: curl_easy_strerror(code))
        let isOfMessage = code != CURLE_LOGIN_DENIED && code != CURLE_USE_SSL_FAILED
        throw DeliveryFailure(
            reason: status > 0 ? "\(reason) (\(status))" : reason, isFinal: isOfMessage && (500..<600).contains(status))
    }

    private static var lacking: DeliveryFailure {
        DeliveryFailure(reason: "libcurl lacks an option, or memory", isFinal: false)
    }

    private func configure(_ handle: UnsafeMutableRawPointer, _ sender: String) -> Bool {
        let isIPv6 = host.utf8.contains(0x3A)
        let server = isIPv6 && host.utf8.first != 0x5B ? "[\(host)]" : host
        var texts = [
            (CURLOPT_URL, (security == .tls ? "smtps" : "smtp") + "://\(server):\(port)/localhost"),
            (CURLOPT_PROTOCOLS_STR, security == .tls ? "smtps" : "smtp"), (CURLOPT_MAIL_FROM, "<\(sender)>"),
            (CURLOPT_PROXY, ""),
        ]
        if let username { texts.append((CURLOPT_USERNAME, username)) }
        if let password { texts.append((CURLOPT_PASSWORD, password.text)) }
        if let authorities { texts.append((CURLOPT_CAINFO, authorities)) }
        let numbers = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_UPLOAD, 1), (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 5000)),
            (CURLOPT_TIMEOUT_MS, milliseconds),
            (CURLOPT_USE_SSL, Int(security == .none ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue)),
        ]
        return texts.allSatisfy { unsafe ccurl_set_text(handle, $0.0, $0.1) == CURLE_OK }
            && numbers.allSatisfy { unsafe ccurl_set_number(handle, $0.0, $0.1) == CURLE_OK }
    }
}

/// A secret that libcurl needs as text.
struct SharedText: Sendable {
    private let bytes: @Sendable () -> String

    init(_ secret: SharedSecret) {
        // Read once: libcurl copies it in any case.
        let text = secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        bytes = { text }
    }

    var text: String { bytes() }
}

/// libcurl's own state, made once in a process.
enum CurlLibrary {
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

/// Hands a message over in the parts that libcurl asks for.
private final class MessageSource {
    private let message: [UInt8]
    private var position = 0

    init(_ message: [UInt8]) {
        self.message = message
    }

    func connect(to handle: UnsafeMutableRawPointer) -> Bool {
        unsafe ccurl_set_source(
            handle,
            { room, size, count, context in
                guard let room = unsafe room, let context = unsafe context else { return 0 }
                // SAFETY: the sender keeps the source alive; libcurl lends `size * count` bytes of room.
                let source = unsafe Unmanaged<MessageSource>.fromOpaque(context).takeUnretainedValue()
                return unsafe source.fill(UnsafeMutableRawBufferPointer(start: room, count: size * count))
            }, Unmanaged.passUnretained(self).toOpaque()) == CURLE_OK
    }

    private func fill(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let part = message[position..<min(position + room.count, message.count)]
        unsafe room.copyBytes(from: part)
        position += part.count
        return part.count
    }
}
