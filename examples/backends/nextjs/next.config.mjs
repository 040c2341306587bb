/** @type {import("next").NextConfig} */
export default {
  // This folder is the whole app. Without this, Next.js takes the repository around it for the app.
  turbopack: { root: import.meta.dirname },
};
