internal import CCurl

/// One request through libcurl: GET, or POST with a form.
///
/// Requirements (tests name the number):
/// 1. Only the scheme of the URL is spoken, and redirects are not followed: the request goes where the policy says.
/// 2. The server's certificate and its name are verified. Nothing turns this off.
/// 3. There is a limit to the time for the connection, to the time for everything, and to the length of the answer.
/// 4. No signal handler is installed (`CURLOPT_NOSIGNAL`).
struct HTTPRequest {
    /// What bounds a request.
    struct Limits {
        /// Milliseconds until the connection stands, TLS included.
        var connection = 3000
        /// Milliseconds for everything.
        var total = 10_000
        /// The longest answer in bytes.
        var length = 1 << 20
    }

    /// Why there is no answer.
    enum Failure: Error, Equatable {
        /// What libcurl says.
        case transport(reason: String)
        /// More bytes than the limit.
        case tooLong
    }

    /// An answer, whatever its status.
    struct Answer {
        var status: Int
        var body: [UInt8]
    }

    let url: String
    var headers: [String] = []
    var limits = Limits()
    /// A PEM file of the authorities to trust; nil = those of the system.
    var authorities: String?
    /// A POST's fields, already encoded (application/x-www-form-urlencoded); nil = GET.
    var form: String?
    /// HTTP basic authentication.
    var credentials: (name: String, password: SharedText)?

    /// Sends the request and waits for the answer.
    func send() throws(Failure) -> Answer {
        guard CurlLibrary.isReady, let handle = unsafe curl_easy_init() else { throw HTTPRequest.outOfMemory }
        // SAFETY: `handle` is ours until the cleanup; libcurl copies the texts that options are set to.
        defer { unsafe curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        // SAFETY: the list outlives the transfer; freeing NULL does nothing.
        defer { unsafe curl_slist_free_all(list) }
        for header in headers {
            guard let longer = unsafe curl_slist_append(list, header) else { throw HTTPRequest.outOfMemory }
            unsafe list = longer
        }
        let sink = AnswerSink(limit: limits.length)
        guard unsafe configure(handle), unsafe ccurl_set_headers(handle, list) == CURLE_OK,
            unsafe sink.connect(to: handle)
        else { throw .transport(reason: "libcurl lacks an option") }
        // The sink must live through the transfer: libcurl has its address only.
        let code = withExtendedLifetime(sink) { unsafe curl_easy_perform(handle) }
        if sink.isFull { throw .tooLong }
        guard code == CURLE_OK else { throw unsafe .transport(reason: String(cString: curl_easy_strerror(code))) }
        return unsafe Answer(status: Int(ccurl_status(handle)), body: sink.bytes)
    }

    private static var outOfMemory: Failure { .transport(reason: "out of memory") }

    private func configure(_ handle: UnsafeMutableRawPointer) -> Bool {
        let isSecure = url.utf8.starts(with: "https://".utf8)
        var texts = [
            (CURLOPT_URL, url), (CURLOPT_PROTOCOLS_STR, isSecure ? "https" : "http"),
            (CURLOPT_USERAGENT, "libsecurity"),
        ]
        // Plain http is for this machine, whatever proxy the environment names.
        if !isSecure { texts.append((CURLOPT_PROXY, "")) }
        if let authorities { texts.append((CURLOPT_CAINFO, authorities)) }
        if let form { texts.append((CURLOPT_COPYPOSTFIELDS, form)) }
        if let credentials {
            texts += [(CURLOPT_USERNAME, credentials.name), (CURLOPT_PASSWORD, credentials.password.text)]
        }
        let numbers = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_CONNECTTIMEOUT_MS, limits.connection), (CURLOPT_TIMEOUT_MS, limits.total),
        ]
        return texts.allSatisfy { unsafe ccurl_set_text(handle, $0.0, $0.1) == CURLE_OK }
            && numbers.allSatisfy { unsafe ccurl_set_number(handle, $0.0, $0.1) == CURLE_OK }
    }
}

/// Takes the body of an answer as it comes, up to a limit.
private final class AnswerSink {
    private let limit: Int
    private(set) var bytes: [UInt8] = []
    /// Whether there was more than the limit.
    private(set) var isFull = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Makes libcurl call ``take(_:)``.
    func connect(to handle: UnsafeMutableRawPointer) -> Bool {
        unsafe ccurl_set_sink(
            handle,
            { start, size, count, context in
                guard let start = unsafe start, let context = unsafe context else { return 0 }
                // SAFETY: the sender of the request keeps the sink alive; libcurl lends `size * count` bytes, size is 1.
                let sink = unsafe Unmanaged<AnswerSink>.fromOpaque(context).takeUnretainedValue()
                return unsafe sink.take(UnsafeRawBufferPointer(start: start, count: size * count))
            }, Unmanaged.passUnretained(self).toOpaque()) == CURLE_OK
    }

    /// Answers how many bytes were taken; fewer than there are end the transfer.
    private func take(_ part: UnsafeRawBufferPointer) -> Int {
        guard part.count <= limit - bytes.count else {
            isFull = true
            return 0
        }
        unsafe bytes.append(contentsOf: part)
        return part.count
    }
}
