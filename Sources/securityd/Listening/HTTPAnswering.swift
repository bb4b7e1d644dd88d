import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import SecurityCore
import SecurityTokens

/// Answers requests. Never fails but by the client's fault.
protocol HTTPAnswering: Sendable {
    /// The answer to a request that came over a connection.
    func answer(_ request: Request, over channel: any Channel, isTLS: Bool, id: String) async throws -> Response
}

extension HTTPAnswering {
    /// Answers one request, and writes the answer; nil = one for which there is no connection, which is closed.
    func respond(
        to request: Request?, _ writer: consuming ResponseWriter, over channel: any Channel, isTLS: Bool
    ) async throws {
        guard let request else {
            let headers: HTTPFields = [.connection: "close", .retryAfter: "2"]
            try await writer.write(
                response: HTTPResponse(status: .serviceUnavailable, headerFields: headers), body: ResponseBody())
            channel.close(promise: nil)
            return
        }
        var response: Response
        do {
            response = try await answer(request, over: channel, isTLS: isTLS, id: "\(RequestID())")
        } catch let error as HTTPParserError {
            // Answered with 400 by the channel.
            throw error
        } catch {
            response = Response(status: .internalServerError)
        }
        // RFC 9110 section 6.6.1.
        response.headers[.date] = HTTPDate.text(of: SecurityCore.Environment.system.now().seconds)
        try await writer.write(response: response.head, body: response.body)
    }
}
