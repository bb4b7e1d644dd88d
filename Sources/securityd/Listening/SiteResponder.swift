import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SecurityCore
import SecurityHTTP
import Synchronization

/// Hands requests to the site, on the threads of its pools, and its answers back.
final class SiteResponder: HTTPAnswering {
    let holder: SiteHolder
    let pools: WorkerPools
    let metrics: Metrics
    let logger: Logger
    private let shares = ClientShares()
    private let refusals = Atomic<UInt64>(0)

    init(holder: SiteHolder, pools: WorkerPools, metrics: Metrics, logger: Logger) {
        self.holder = holder
        self.pools = pools
        self.metrics = metrics
        self.logger = logger
    }

    func answer(_ request: Request, over channel: any Channel, isTLS: Bool, id: String) async throws -> Response {
        let started = ContinuousClock.now
        let (site, limits) = holder.current
        let headers = SiteResponder.headers(of: request)
        let lane = site.lane(method: request.method.rawValue, path: request.uri.path, headers: headers)
        let client = site.forwardedClient(headers, peer: channel.remoteAddress?.ipAddress).map { Array($0.utf8) }
        if let client, !shares.begin(client, most: limits.connections) {
            // Whatever is still to come of the request would keep the connection open.
            channel.eventLoop.scheduleTask(in: .milliseconds(100)) { channel.close(promise: nil) }
            return SiteResponder.response(SiteResponder.overShare, id: id)
        }
        defer { if let client { shares.end(client) } }
        let found: WebResponse?
        do {
            let web = WebRequest(
                method: request.method.rawValue, target: request.head.path ?? "/", headers: headers,
                body: try await SiteResponder.body(of: request, limit: limits.bodyBytes),
                peer: channel.remoteAddress?.ipAddress, isTLS: isTLS, id: id)
            if let prompt = site.respondAtOnce(to: web) {
                found = prompt
            } else {
                found = await pools.run(lane, of: site.queueName(of: web)) { site.respond(to: web) }
            }
        } catch is NIOTooManyBytesError {
            found = SiteResponder.tooLong
        }
        if found == nil { await rest(channel) }
        let answer = found ?? SiteResponder.tooBusy
        let duration = (ContinuousClock.now - started) / .milliseconds(1)
        // Neither holds what the request chose: a path, and even a method, may hold a token.
        let route = site.routeTemplate(of: request.uri.path)
        let method = Metrics.name(ofMethod: request.method.rawValue)
        metrics.countRequest(route: route, method: method, status: answer.status, seconds: duration / 1000)
        logger.info(
            "request",
            metadata: [
                "id": "\(id)", "method": "\(method)", "path": "\(route)", "status": "\(answer.status)",
                "ms": "\(duration)",
            ])
        return SiteResponder.response(answer, id: id)
    }

    private static var tooBusy: WebResponse {
        var answer = WebResponse.text("Service Unavailable: too many requests at once\n", status: 503)
        answer.headers.append(HeaderField("Retry-After", "\(retryAfter)"))
        return answer
    }

    /// Told at once: to wait would take one more of the connections that this client has too many of.
    private static var overShare: WebResponse {
        var answer = tooBusy
        answer.headers.append(HeaderField("Connection", "close"))
        return answer
    }

    /// Seconds, of a client that found the queue full.
    private static let retryAfter: Int64 = 2

    /// Waits on the connection's event loop, without a thread, until the client may come back, or has gone. A refusal that is told at once
    /// brings the next request at once, and a flood of them would keep the loops from everybody else's requests. Those that came at once
    /// are told one after the other, or they would come again at once. No more can wait than there are connections.
    private func rest(_ channel: any Channel) async {
        let number = refusals.wrappingAdd(1, ordering: .relaxed).newValue
        // Neighbours are 0.7 s apart; each of 2,000 has a moment of its own.
        let spread = Int64(number % 2000 * 709 % 2000)
        let timer = channel.eventLoop.scheduleTask(in: .milliseconds(1000 * SiteResponder.retryAfter + spread)) {}
        channel.closeFuture.whenComplete { _ in timer.cancel() }
        try? await timer.futureResult.get()
    }

    /// What was not read cannot be skipped, so nothing else comes over this connection.
    private static var tooLong: WebResponse {
        var answer = WebResponse.text("Content Too Large\n", status: 413)
        answer.headers.append(HeaderField("Connection", "close"))
        return answer
    }

    /// With the authority as the Host field that it is in HTTP/1.
    private static func headers(of request: Request) -> [HeaderField] {
        var headers = request.headers.map { HeaderField($0.name.canonicalName, $0.value) }
        if let host = request.head.authority { headers.append(HeaderField("host", host)) }
        return headers
    }

    /// Kept in wiped memory from the buffers on, which are not ours: it may hold a password.
    private static func body(of request: Request, limit: Int) async throws -> SharedSecret {
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > limit {
            throw NIOTooManyBytesError(maxBytes: limit)
        }
        var body = SecretBuilder(capacity: 1024)
        for try await part in request.body {
            guard body.count + part.readableBytes <= limit else { throw NIOTooManyBytesError(maxBytes: limit) }
            for byte in part.readableBytesView { body.append(byte) }
        }
        return SharedSecret(body.finish())
    }

    private static func response(_ answer: WebResponse, id: String) -> Response {
        var headers = HTTPFields()
        for field in answer.headers {
            guard let name = HTTPField.Name(field.name) else { continue }
            headers.append(HTTPField(name: name, value: field.value))
        }
        if let name = HTTPField.Name("X-Request-Id") { headers.append(HTTPField(name: name, value: id)) }
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
