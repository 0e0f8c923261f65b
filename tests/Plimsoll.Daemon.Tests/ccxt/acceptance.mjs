// What the unpatched ccxt client makes of the paper venue. Prints one JSON line a check: {check, ok, detail}.
// usage: CCXT_HOME=DIR node acceptance.mjs PORT_WITHOUT_LIMITS PORT_WITH_LIMITS
const home = process.env.CCXT_HOME;
const ccxt = (await import(`${home}/node_modules/ccxt/js/ccxt.js`)).default;
const WebSocket = (await import(`${home}/node_modules/ws/wrapper.mjs`)).default;
const [free, limited] = process.argv.slice(2);

const client = (port, more = {}) =>
    new ccxt.pro.deribit({
        apiKey: 'paper',
        secret: 'paper-secret',
        enableRateLimit: false,
        urls: { api: { rest: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ws/api/v2` } },
        ...more,
    });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const must = (condition, what) => {
    if (!condition) throw new Error(what);
};
const near = (a, b, by, what) => must(Math.abs(a - b) <= by, `${what}: ${a} against ${b}`);
const refused = async (call, kind, code) => {
    try {
        await call();
    } catch (e) {
        must(e instanceof kind, `${e.constructor.name} in place of ${kind.name}: ${e.message}`);
        must(String(e.message).includes(String(code)), `${code} is not in ${e.message}`);
        return;
    }
    throw new Error(`was accepted, expected ${code}`);
};
const check = async (name, run) => {
    try {
        const late = sleep(40000).then(() => must(false, 'took more than 40 s'));
        const detail = await Promise.race([run(), late]);
        console.log(JSON.stringify({ check: name, ok: true, detail: detail ?? '' }));
    } catch (e) {
        console.log(JSON.stringify({ check: name, ok: false, detail: String(e.stack ?? e).slice(0, 600) }));
    }
};

const e = client(free);
await e.loadHttpProxyAgent();
const inverse = 'BTC/USD:BTC';
const linear = 'ETH/USDC:USDC';
let option;

await check('PV-01 markets', async () => {
    await e.loadMarkets();
    const m = e.market(inverse);
    must(m.inverse === true && m.swap && m.contractSize === 10, 'BTC-PERPETUAL');
    must(m.precision.price === 0.5 && m.precision.amount === 10, 'precision');
    must(e.market(linear).linear === true, 'linear');
    const options = Object.values(e.markets).filter((one) => one.option && one.base === 'BTC' && one.inverse);
    must(options.length > 20, `only ${options.length} options`);
    const spot = (await e.fetchTicker(inverse)).info.index_price;
    option = options
        .filter((one) => one.optionType === 'call' && one.expiry > Date.now() + 20 * 86400000)
        .sort((a, b) => Math.abs(a.strike - spot) - Math.abs(b.strike - spot))[0].symbol;
    return `${Object.keys(e.markets).length} markets, option ${option}`;
});
await check('PV-01 status and time', async () => {
    near(await e.fetchTime(), Date.now(), 2000, 'time');
    must((await e.fetchStatus()).status === 'ok', 'status');
});
await check('PV-01 market data', async () => {
    const ticker = await e.fetchTicker(inverse);
    must(ticker.bid > 0 && ticker.ask > ticker.bid && ticker.timestamp > 0, 'ticker');
    const tickers = await e.fetchTickers([inverse]);
    must(tickers[inverse].bid > 0, 'tickers');
    const book = await e.fetchOrderBook(inverse, 7);
    must(book.bids.length === 7 && book.asks.length === 7 && book.nonce > 0, 'book');
    must(book.bids[0][0] > book.bids[1][0] && book.asks[0][0] < book.asks[1][0], 'order of levels');
    const greeks = await e.fetchGreeks(option);
    must(greeks.delta > 0.2 && greeks.delta < 0.8 && greeks.vega > 0 && greeks.theta < 0, 'greeks');
    must((await e.fetchOption(option)).markPrice > 0, 'option');
    must(Object.keys(await e.fetchOptionChain('BTC')).length > 20, 'chain');
    must((await e.fetchOpenInterest(inverse)).openInterestValue > 0, 'open interest');
    const funding = await e.fetchFundingRate(inverse);
    must(Number.isFinite(funding.fundingRate), 'funding');
    must(Array.isArray(await e.fetchFundingRateHistory(inverse)), 'funding history');
    must(Array.isArray(await e.fetchVolatilityHistory('BTC')), 'volatility history');
    must(Array.isArray(await e.fetchLiquidations(inverse)), 'liquidations');
});
await check('PV-01 account', async () => {
    const balance = await e.fetchBalance();
    must(balance.BTC.total > 9 && balance.ETH.total > 99 && balance.USDC.total > 900000, 'balance');
    must((await e.fetchBalance({ code: 'BTC' })).BTC.free > 9, 'balance of one');
    must(Array.isArray(await e.fetchPositions()), 'positions');
    must((await e.fetchAccounts())[0].id !== undefined, 'accounts');
    const fees = await e.fetchTradingFees();
    must(fees[inverse].taker === 0.0005, 'fees');
});
const price = async (symbol, side, away) => {
    const ticker = await e.fetchTicker(symbol);
    return e.priceToPrecision(symbol, (side === 'buy' ? ticker.ask : ticker.bid) * (1 + away));
};
await check('PV-01 orders', async () => {
    const resting = await e.createOrder(inverse, 'limit', 'buy', 100, await price(inverse, 'buy', -0.005), {
        label: 'plm-1',
        valid_until: Date.now() + 5000,
    });
    must(resting.status === 'open' && resting.info.label === 'plm-1', 'resting');
    must((await e.fetchOrder(resting.id)).id === resting.id, 'fetchOrder');
    must((await e.fetchOpenOrders()).some((o) => o.id === resting.id), 'open by currency');
    must((await e.fetchOpenOrders(inverse)).some((o) => o.id === resting.id), 'open by instrument');
    const stop = await e.createOrder(inverse, 'stop_market', 'sell', 10, undefined, {
        trigger: 'mark_price',
        trigger_price: Math.round((await e.fetchTicker(inverse)).info.mark_price * 0.9),
    });
    must(stop.info.order_state === 'untriggered', 'stop');
    await e.cancelAllOrders(inverse);
    must((await e.fetchOpenOrders(inverse)).length === 0, 'cancelled');
    await e.cancelAllOrders();
    const market = await e.createOrder(inverse, 'market', 'buy', 100);
    must(market.status === 'closed' && market.filled === 100 && market.trades.length > 0, 'market');
    must((await e.fetchClosedOrders(inverse)).some((o) => o.id === market.id), 'closed');
    must((await e.fetchMyTrades(inverse)).some((t) => t.order === market.id), 'my trades');
    must((await e.fetchMyTrades(inverse, Date.now() - 60000)).some((t) => t.order === market.id), 'my trades since');
    const trades = await e.fetchOrderTrades(market.id);
    must(trades.length > 0 && trades[0].takerOrMaker === 'taker' && trades[0].fee.currency === 'BTC', 'order trades');
    must((await e.fetchTrades(inverse)).length > 0, 'trades');
    must((await e.fetchTrades(inverse, Date.now() - 60000)).length > 0, 'trades since');
    const bars = await e.fetchOHLCV(inverse, '1m', Date.now() - 120000);
    must(bars.length > 0 && bars[0].length === 6, 'bars');
    const held = await e.fetchPosition(inverse);
    must(held.side === 'long' && held.contracts === 100 && held.contractSize === 10, 'position');
    await e.createOrder(inverse, 'market', 'sell', 100, undefined, { reduceOnly: true });
});
await check('PV-02 a wrong secret', async () => {
    const wrong = client(free, { secret: 'no' });
    await refused(() => wrong.fetchBalance(), ccxt.AuthenticationError, 13009);
    await refused(
        () => client(free, { apiKey: 'paper-read', secret: 'paper-read-secret' }).cancelAllOrders(),
        ccxt.ExchangeError,
        13021,
    );
    // Order and escapes of the query are part of what is signed.
    await e.fetchOpenOrders(inverse, undefined, undefined, { type: 'all', note: 'a b/c+d' });
});
await check('PV-03 post only', async () => {
    const crossing = await price(inverse, 'buy', 0.002);
    await refused(
        () => e.createOrder(inverse, 'limit', 'buy', 10, crossing, { postOnly: true }),
        ccxt.InvalidOrder,
        11054,
    );
    const taken = await e.createOrder(inverse, 'limit', 'buy', 10, crossing);
    must(taken.status === 'closed' && taken.info.order_state === 'filled' && taken.trades.length > 0, 'filled');
    await e.createOrder(inverse, 'market', 'sell', 10, undefined, { reduceOnly: true });
});
await check('PV-04 ticks and lots', async () => {
    await refused(() => e.privateGetBuy({ instrument_name: e.market(option).id, amount: 0.1, price: 0.0123 }), ccxt.ExchangeError, 10043);
    await refused(() => e.privateGetBuy({ instrument_name: 'BTC-PERPETUAL', amount: 15, price: 100 }), ccxt.ExchangeError, 10021);
});
await check('PV-05 reduce only', async () => {
    const flat = () => e.createOrder(linear, 'market', 'sell', 0.5, undefined, { reduceOnly: true });
    await refused(flat, ccxt.ExchangeError, 11030);
    await e.createOrder(linear, 'market', 'buy', 0.5);
    const more = await e.createOrder(linear, 'market', 'sell', 2, undefined, { reduceOnly: true });
    must(more.amount === 0.5 && more.filled === 0.5, `shrunk to ${more.amount}`);
    const held = await e.fetchPosition(linear);
    must(held.contracts === 0, `flat, not ${held.contracts}`);
});
await check('PV-06 edit', async () => {
    const order = await e.createOrder(inverse, 'limit', 'buy', 100, await price(inverse, 'buy', -0.01));
    const edited = await e.editOrder(order.id, inverse, 'limit', 'buy', 50, await price(inverse, 'buy', -0.011));
    must(edited.id === order.id && edited.info.replaced === true && edited.amount === 50, 'edited');
    await e.cancelOrder(order.id, inverse);
});
await check('PV-07 cancel twice', async () => {
    const order = await e.createOrder(inverse, 'limit', 'buy', 100, await price(inverse, 'buy', -0.01));
    must((await e.cancelOrder(order.id)).status === 'canceled', 'cancelled');
    await refused(() => e.cancelOrder(order.id), ccxt.InvalidOrder, 11044);
    await refused(() => e.cancelOrder('BTC-9'), ccxt.OrderNotFound, 10004);
});
await check('errors by class', async () => {
    const low = await price(inverse, 'buy', -0.01);
    await refused(() => e.createOrder(inverse, 'limit', 'buy', 90000000, low), ccxt.InsufficientFunds, 10009);
    await refused(() => e.withdraw('BTC', 1, 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'), ccxt.ExchangeError, 13021);
});

/** Follows a raw book by its change ids and stops at the first break. */
const follow = (port, name, count) =>
    new Promise((done, fail) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/api/v2`);
        const sides = { bids: new Map(), asks: new Map() };
        let last, changes = 0;
        const send = (id, method, params) => socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
        socket.on('open', () => {
            send(1, 'public/auth', { grant_type: 'client_credentials', client_id: 'paper', client_secret: 'paper-secret' });
            send(2, 'private/subscribe', { channels: [`book.${name}.raw`] });
        });
        socket.on('error', fail);
        socket.on('message', (text) => {
            const message = JSON.parse(text);
            if (message.error) return fail(new Error(text.toString()));
            const data = message.params?.data;
            if (!data) return;
            if (data.type === 'change' && data.prev_change_id !== last)
                return fail(new Error(`chain broken: ${data.prev_change_id} after ${last}`));
            last = data.change_id;
            for (const side of ['bids', 'asks'])
                for (const [action, at, amount] of data[side]) {
                    changes++;
                    const known = sides[side].has(at);
                    if (data.type === 'change' && known === (action === 'new'))
                        return fail(new Error(`${action} of a ${known ? 'known' : 'unknown'} level ${at}`));
                    if (action === 'delete') sides[side].delete(at);
                    else sides[side].set(at, amount);
                }
            if (changes < count) return;
            send(3, 'public/get_order_book', { instrument_name: name, depth: 1000 });
            socket.on('message', (answer) => {
                const { result } = JSON.parse(answer);
                if (!result?.bids || result.change_id !== last) return;
                for (const side of ['bids', 'asks'])
                    if (JSON.stringify(result[side]) !== JSON.stringify(
                        [...sides[side]].sort((a, b) => (side === 'bids' ? b[0] - a[0] : a[0] - b[0])),
                    )) return fail(new Error(`${side} differ`));
                socket.close();
                done(changes);
            });
        });
    });
await check('PV-08 the raw book and its chain', async () => `${await follow(free, 'BTC-PERPETUAL', 600)} level changes`);
await check('PV-08 watchOrderBook', async () => {
    for (let i = 0; i < 12; i++) {
        const seen = await e.watchOrderBook(inverse);
        must(seen.bids[0][0] < seen.asks[0][0], 'crossed');
    }
    // The same book by both ways: the venue's grid is a quarter of a second, so both are asked for until they agree.
    for (let i = 0; i < 20; i++) {
        const seen = await e.watchOrderBook(inverse);
        const top = (side) => side.slice(0, 8).map((level) => level.slice(0, 2));
        const snapshot = JSON.stringify([top(seen.bids), top(seen.asks)]);
        const asked = await e.fetchOrderBook(inverse, 8);
        if (snapshot === JSON.stringify([asked.bids, asked.asks])) return `equal at try ${i + 1}`;
    }
    throw new Error('never equal');
});
await check('PV-08 other watches', async () => {
    must((await e.watchTicker(inverse)).bid > 0, 'ticker');
    must((await e.watchBidsAsks([inverse]))[inverse].ask > 0, 'bids and asks');
    const trades = e.watchTrades(inverse);
    await e.createOrder(inverse, 'market', 'buy', 10);
    must((await trades)[0].price > 0, 'trades');
    must((await e.watchOHLCV(inverse, '1m')).length > 0, 'bars');
});
await check('PV-09 order of private notifications', async () => {
    const other = client(free, { apiKey: 'paper-2', secret: 'paper-2-secret' });
    await other.loadMarkets();
    const name = e.market(option).id;
    const socket = new WebSocket(`ws://127.0.0.1:${free}/ws/api/v2`);
    const seen = [];
    const send = (id, method, params) => socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    await new Promise((done) => socket.on('open', done));
    socket.on('message', (text) => {
        const { params } = JSON.parse(text);
        if (params?.channel?.startsWith('user.orders')) seen.push(`order ${params.data.order_state}`);
        if (params?.channel?.startsWith('user.trades')) seen.push('trade');
        if (params?.channel?.startsWith('user.portfolio')) seen.push('portfolio');
    });
    send(1, 'public/auth', { grant_type: 'client_credentials', client_id: 'paper', client_secret: 'paper-secret' });
    send(2, 'private/subscribe', { channels: ['user.orders.any.any.raw', 'user.trades.any.any.raw', 'user.portfolio.BTC'] });
    const orders = e.watchOrders();
    const mine = e.watchMyTrades();
    const balance = e.watchBalance();
    // The subscription begins with the portfolio as it is; what counts comes after it.
    while (!seen.includes('portfolio')) await sleep(50);
    seen.length = 0;
    const ticker = await e.fetchTicker(option);
    const middle = e.priceToPrecision(option, (ticker.bid + ticker.ask) / 2);
    const at = Math.ceil(middle / 0.0005) * 0.0005;
    const order = await e.createOrder(option, 'limit', 'buy', 0.1, Number(at.toFixed(4)));
    if (order.status === 'open') await other.createOrder(option, 'limit', 'sell', 0.1, Number(at.toFixed(4)));
    must((await orders)[0].symbol === option, 'watchOrders');
    must((await mine)[0].symbol === option, 'watchMyTrades');
    must((await balance).info.equity > 0, 'watchBalance');
    await sleep(300);
    socket.close();
    const text = seen.join(', ');
    const expected = order.status === 'open' ? 'order open, trade, order filled, portfolio' : 'trade, order filled, portfolio';
    must(text.startsWith(expected), `${name}: ${text}`);
    return text;
});
await check('PV-10 the 21st order of a burst', async () => {
    const l = client(limited);
    await l.loadMarkets();
    const at = l.priceToPrecision(inverse, (await l.fetchTicker(inverse)).bid * 0.99);
    const started = Date.now();
    const burst = async (count) => {
        const answers = await Promise.allSettled(
            Array.from({ length: count }, () => l.createOrder(inverse, 'limit', 'buy', 10, at)),
        );
        const late = answers.filter((a) => a.status === 'rejected').map((a) => a.reason);
        must(late.every((r) => r instanceof ccxt.DDoSProtection && r.message.includes('10028')), String(late[0]));
        return count - late.length;
    };
    // A bucket of 20 that refills by 5 a second, on a machine that may be slow.
    const allowed = () => 20 + (5 * (Date.now() - started)) / 1000;
    const first = await burst(30);
    must(first >= 20 && first <= allowed(), `${first} passed of 30, at most ${allowed()}`);
    await sleep(1050);
    const second = await burst(15);
    must(second >= 5 && first + second <= allowed(), `${second} passed later, at most ${allowed() - first}`);
    await l.cancelAllOrders();
});
await check('PV-11 positions after 1000 orders', async () => {
    const o = client(free, { apiKey: 'paper-2', secret: 'paper-2-secret' });
    await o.loadMarkets();
    const ledger = {};
    for (const held of await o.fetchPositions()) ledger[held.symbol] = held.contracts;
    let seed = 12345;
    const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    const symbols = [inverse, linear, 'ETH/USD:ETH', 'BTC/USDC:USDC', option];
    const lots = { [inverse]: 10, [linear]: 0.001, 'ETH/USD:ETH': 1, 'BTC/USDC:USDC': 0.0001, [option]: 0.1 };
    for (let i = 0; i < 1000; i += 20)
        await Promise.all(
            Array.from({ length: 20 }, async () => {
                const symbol = symbols[Math.floor(next() * symbols.length)];
                const side = next() < 0.5 ? 'buy' : 'sell';
                const amount = Number((lots[symbol] * (1 + Math.floor(next() * 9))).toFixed(4));
                const order = await o.createOrder(symbol, 'market', side, amount);
                ledger[symbol] = (ledger[symbol] ?? 0) + (side === 'buy' ? 1 : -1) * order.filled;
            }),
        );
    const held = Object.fromEntries((await o.fetchPositions()).map((p) => [p.symbol, p]));
    for (const symbol of symbols) {
        near(held[symbol]?.contracts ?? 0, ledger[symbol] ?? 0, 1e-9, symbol);
        const side = (ledger[symbol] ?? 0) > 0 ? 'long' : 'short';
        if (Math.abs(ledger[symbol]) > 1e-9) must(held[symbol].side === side, `${symbol} is ${side}`);
    }
    return JSON.stringify(ledger);
});
await e.close();
process.exit(0);
