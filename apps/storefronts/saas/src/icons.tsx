export const Mark = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" />
    <path d="M11 7v15h11" />
    <circle cx="21.5" cy="11.5" r="2.6" />
  </svg>
);

export const CopyIcon = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M9 9V5h10v10h-4M5 9h10v10H5z" />
  </svg>
);

export const DownloadIcon = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M12 4v11m0 0l-4-4m4 4l4-4M5 19h14" />
  </svg>
);
