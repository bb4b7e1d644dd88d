import SecurityCore

/// How many messages and registrations requests may ask for (LIBSECURITY_MAIL_*, LIBSECURITY_REGISTER_HOURLY_ORIGIN,
/// LIBSECURITY_OUTBOX_MAX). LIBSECURITY_THROTTLE = false switches all of it off.
///
/// | what | for one address or number | for one origin | with a full outbox |
/// | --- | --- | --- | --- |
/// | a mail or text message that anybody may ask for | one of a kind in the interval, and the number of an hour | the number of an hour | not sent |
/// | the same, from an origin that cannot be seen | the same | one count for all of them; beyond it one of a kind in an hour for each address | not sent |
/// | a notice of what the owner changed | the number of an hour, counted apart | not counted | sent |
/// | a registration | | the number of an hour; origins that cannot be seen share ten times as many | refused by its mail alone |
///
/// So strangers can neither fill a mailbox nor the disk, an account's owner hears of changes whatever strangers do, and behind a proxy that
/// is not listed nobody can keep the mails of all others from being sent.
struct MessageLimits: Sendable {
    /// Seconds between two of one kind to one recipient; 0 = none.
    let interval: Int64
    /// Messages to one recipient in an hour; 0 = any number, as below.
    let hourlyRecipient: Int
    /// Messages that one origin asks for in an hour.
    let hourlyOrigin: Int
    /// Registrations of one origin in an hour.
    let hourlyRegistrations: Int
    /// Messages that wait in the outbox; nil = any number.
    let outboxMost: Int?

    init(_ settings: Settings) {
        let isOn = settings.bool("LIBSECURITY_THROTTLE")
        func number(_ key: String) -> Int { isOn ? settings.integer(key) ?? 0 : 0 }
        interval = isOn ? ((settings.duration("LIBSECURITY_MAIL_INTERVAL") ?? 0) + 999_999) / 1_000_000 : 0
        hourlyRecipient = number("LIBSECURITY_MAIL_HOURLY_ACCOUNT")
        hourlyOrigin = number("LIBSECURITY_MAIL_HOURLY_ORIGIN")
        hourlyRegistrations = number("LIBSECURITY_REGISTER_HOURLY_ORIGIN")
        let most = number("LIBSECURITY_OUTBOX_MAX")
        outboxMost = most > 0 ? most : nil
    }

    static let hour: Int64 = 3600
    /// How many times more registrations origins share that cannot be seen.
    static let unseenShare = 10
}

/// What keeps a message from being sent; raw values stand in the log.
enum MessageRefusal: String {
    case interval, account, origin, outbox
}

extension Exchange {
    /// Whether a message may be sent now, which counts it. Part of the transaction that writes it.
    func refusal(of kind: MessageKind, to recipient: String) throws(StoreError) -> MessageRefusal? {
        let limits = site.web.messageLimits
        let store = try store()
        let name = recipientDigest(recipient)
        guard kind.isForAnybody else {
            guard limits.hourlyRecipient > 0 else { return nil }
            let own = RateLimit("notice:" + name, most: limits.hourlyRecipient, seconds: MessageLimits.hour)
            return try store.count([own], now: now) == nil ? nil : .account
        }
        if let most = limits.outboxMost, try store.isWaiting(most) { return .outbox }
        var rules: [(limit: RateLimit, refusal: MessageRefusal)] = []
        var interval = limits.interval
        if limits.hourlyOrigin > 0 {
            let limit = RateLimit("from:" + place.text, most: limits.hourlyOrigin, seconds: MessageLimits.hour)
            if place.isSeen {
                rules.append((limit, .origin))
            } else if try store.count([limit], now: now) != nil {
                interval = MessageLimits.hour
            }
        }
        if interval > 0 {
            rules.append((RateLimit("\(kind.name):" + name, most: 1, seconds: interval), .interval))
        }
        if limits.hourlyRecipient > 0 {
            rules.append((RateLimit("to:" + name, most: limits.hourlyRecipient, seconds: MessageLimits.hour), .account))
        }
        guard !rules.isEmpty else { return nil }
        return try store.count(rules.map { $0.limit }, now: now).map { rules[$0].refusal }
    }

    /// The answer to one registration too many from here; nil when there is none. It is the same for an address that is taken.
    func registrationRefusal() throws -> WebResponse? {
        let most = site.web.messageLimits.hourlyRegistrations
        guard most > 0 else { return nil }
        let limit = RateLimit(
            "new:" + place.text, most: place.isSeen ? most : MessageLimits.unseenShare * most,
            seconds: MessageLimits.hour)
        guard try store().count([limit], now: now) != nil else { return nil }
        site.log.notice("registration refused: limit=origin", request: request)
        var errors = FormErrors()
        errors.add("", label(.unavailable))
        var response =
            wantsJSON ? failure(errors, status: 429) : site.errorPage(self, status: 429, label(.unavailable))
        response.headers.append(HeaderField("Retry-After", "\(MessageLimits.hour)"))
        return response
    }

    /// One recipient in any case of its letters.
    private func recipientDigest(_ recipient: String) -> String {
        let folded = recipient.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return KeyedDigest(.messageRecipient, secretKey: site.policy.secrets.secretKey).hex(of: folded.span)
    }
}

/// The kinds of messages, as far as limits tell them apart.
enum MessageKind {
    case mail(MailName)
    case text

    var name: String {
        switch self {
        case .mail(let name): name.rawValue
        case .text: "text"
        }
    }

    /// Whether strangers may ask for it; the others tell an owner of a change.
    var isForAnybody: Bool {
        switch self {
        case .mail(.passwordReset), .mail(.passwordChanged): false
        case .mail, .text: true
        }
    }
}
