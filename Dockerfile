# Everything that is needed to build: sqlite3 is compiled here where no binary can be downloaded for this platform.
FROM node:20-bookworm AS build
WORKDIR /gridstead
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run check && npm run build
RUN npm prune --omit=dev

# What runs: no compiler, no package manager's cache, nobody's root.
FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATABASE_URL=sqlite:/data/gridstead.db
WORKDIR /gridstead
COPY --from=build /gridstead/package.json /gridstead/LICENSE ./
COPY --from=build /gridstead/node_modules ./node_modules
COPY --from=build /gridstead/dist ./dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# node itself, and not npm: the stop signal reaches the server. A stop takes 10 s at most, and a little more to be safe.
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "--max-semi-space-size=64", "dist/src/main.js"]
