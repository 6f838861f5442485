// Plain JavaScript in old syntax: it must run on the very Node that it refuses. `node --import` puts it first.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Headgate needs Node 24 and this is Node ${process.versions.node}: start it through npm or npx, after "npm ci" without --ignore-scripts, which installs Node 24 into node_modules.`,
  );
  process.exit(1);
}
